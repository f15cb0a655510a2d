"""A patient decides: the scar guide and what matters, by CSS alone; questions that travel."""

from playwright.sync_api import expect

from tests.browser.conftest import arrive

SHAPES = ("ice-pick", "boxcar", "rolling", "raised", "flat", "not-sure")
FORM = "/consultation/"
QUESTIONS = FORM + "questions/"
KEPT = "Object.keys(sessionStorage).filter(key => key[0] !== '#').sort().join()"


def shown(page):
    """The shapes whose sections can be seen."""
    return [shape for shape in SHAPES if page.locator(f".guide section.{shape}").is_visible()]


def ticked(page):
    boxes = page.locator("[name=questions]:checked")
    return sorted(box.get_attribute("value") for box in boxes.all())


def tick(page, url, number=0):
    """Ticks a question of a page. Returns its id."""
    page.goto(url)
    box = page.locator(".ask [name=questions]").nth(number)
    box.check()
    return box.get_attribute("value")


def test_the_guide_shows_what_is_ticked_without_javascript(plain):
    asked = []
    plain.goto("/options/")
    plain.on("request", lambda request: asked.append(request.url))
    guide = plain.get_by_role("group", name="Which shapes do you see?")

    assert shown(plain) == []
    guide.get_by_label("Raised").check()
    guide.get_by_label("Ice-pick").check()
    assert shown(plain) == ["ice-pick", "raised"]
    guide.get_by_label("Raised").uncheck()
    assert shown(plain) == ["ice-pick"]
    expect(plain.get_by_role("heading", name="Ice-pick", exact=True)).to_be_visible()
    assert [url for url in asked if "favicon" not in url] == []


def test_paper_shows_every_shape_or_those_that_are_ticked(plain):
    plain.goto("/options/")
    plain.emulate_media(media="print")
    assert shown(plain) == list(SHAPES)

    plain.emulate_media(media="screen")
    plain.get_by_label("Rolling").check()
    plain.emulate_media(media="print")
    assert shown(plain) == ["rolling"]


def test_without_styles_every_shape_is_shown(plain, site):
    plain.route("**/*.css", lambda route: route.abort())
    plain.goto("/options/")

    assert shown(plain) == list(SHAPES)


def test_a_guide_and_weights_in_use_are_accessible(page, assert_looks_well):
    page.goto("/options/")
    page.get_by_label("Rolling").check()
    page.locator(".weigh").get_by_label("A lot").first.check()
    assert_looks_well(page)


def test_each_statement_has_one_answer_and_nothing_is_sent(plain):
    plain.goto("/options/")
    mine = plain.get_by_role("group", name="I worry about dark marks on my skin.")
    other = plain.get_by_role("group", name="I mind needles, blood or pain.")
    mine.get_by_label("A lot").check()
    other.get_by_label("Not at all").check()
    mine.get_by_label("A little").check()

    expect(mine.locator(":checked")).to_have_count(1)
    expect(other.get_by_label("Not at all")).to_be_checked()
    assert plain.locator("form .weigh, .weigh form, .weigh button").count() == 0


def test_the_names_of_the_columns_stay_while_one_reads_down_the_table(page):
    page.set_viewport_size({"width": 1000, "height": 800})
    page.goto("/options/")
    page.get_by_role("rowheader", name="Subcision").scroll_into_view_if_needed()

    assert page.get_by_role("columnheader", name="Harms").bounding_box()["y"] == 0


def test_without_javascript_the_ticks_of_one_page_are_carried(plain):
    chosen = tick(plain, "/risks/")
    plain.get_by_role("button", name="Add to my request").click()

    arrive(plain, QUESTIONS)
    assert ticked(plain) == [chosen]


def test_questions_of_two_pages_are_counted_and_brought_along(page):
    first = tick(page, "/risks/")
    expect(page.locator(".ask button")).to_have_text("Add 1 to my request")
    second = tick(page, "/options/", 1)
    page.get_by_role("button", name="Add 2 to my request").click()
    arrive(page, QUESTIONS)

    assert ticked(page) == sorted([first, second])
    assert page.evaluate(KEPT) == ",".join(sorted([first, second]))
    assert page.evaluate("localStorage.length") == 0


def test_ticks_are_there_again_and_can_be_taken_back(page):
    chosen = tick(page, "/risks/")
    page.goto("/options/")
    page.goto("/risks/")
    assert ticked(page) == [chosen]

    page.locator(f"[value={chosen}]").uncheck()
    expect(page.locator(".ask button")).to_have_text("Add to my request")
    assert page.evaluate(KEPT) == ""


def test_a_link_to_the_form_brings_them_too(page):
    chosen = tick(page, "/risks/")
    page.goto(FORM)

    expect(page.locator(f"[name=questions][value={chosen}]")).to_be_checked()
    expect(page.locator(f"[name=questions][value={chosen}]")).to_be_visible()


def test_a_question_taken_back_in_the_form_stays_back(page):
    chosen = tick(page, "/risks/")
    page.get_by_role("button", name="Add 1 to my request").click()
    arrive(page, QUESTIONS)
    page.locator(f"[value={chosen}]").uncheck()
    page.go_back()

    expect(page.locator(f"[value={chosen}]")).not_to_be_checked()
    expect(page.locator(".ask button")).to_have_text("Add to my request")


def fill(page):
    page.get_by_label("Your name").fill("Jonas Weber")
    page.get_by_label("Email address").fill("jonas@example.com")
    page.get_by_role("group", name="Are you 18 or over?").get_by_label("Yes").check()
    page.get_by_role("group", name="Is this about a problem").get_by_label("No").check()
    page.get_by_label("I agree that").check()
    page.get_by_role("button", name="Send my request").click()


def test_a_sent_request_holds_them_and_the_tab_forgets_them(page):
    chosen = tick(page, "/risks/")
    text = page.locator(f"label:has([value={chosen}])").inner_text()
    page.get_by_role("button", name="Add 1 to my request").click()
    arrive(page, QUESTIONS)
    fill(page)

    arrive(page, r"/sent/\?e=")
    expect(page.get_by_role("listitem").filter(has_text=text)).to_be_visible()
    assert page.evaluate(KEPT) == ""
    page.goto("/risks/")
    assert ticked(page) == []
