"""Right writing passes the rules of wording, and writing that sells or breaks off does not."""

import pytest

from mesosite.pages import catalogue
from mesosite.pages.checks.checked_page import CheckedPage
from mesosite.pages.checks.structure import folded_cards, harms
from mesosite.pages.checks.wording import WORDING
from mesosite.pages.content.front_matter import read_page_file
from mesosite.pages.page import read_page
from mesosite.pages.prose import sentences

RIGHT = [
    # no promise: asked, quoted from others, denied, a harm
    "Is it painless?",
    "Does anyone get guaranteed results?",
    "What is the best for me?",
    "Some clinics say “today only”. Walk away.",
    "An advert that promises a “miracle” tells you nothing.",
    '"Risk-free" is a word that sells.',
    "You may hear “It is painless, and there is a discount.” Ask for the study.",
    "It is not, as some clinics say, painless.",
    "No treatment for acne scars that we know of is guaranteed.",
    "Miracles do not happen.",
    "A discount is a warning.",
    "Beware of a clinic that calls it painless.",
    "The acid is proven to harm a baby.",
    "It was proven to cause lasting scars.",
    "ECCA is the best known scale.",
    "The best-studied choice is needling.",
    "/// pair | C14\nIt is painless and the best.\n\n---\n\nIt hurts.\n///",
    # a name, an abbreviation and an ellipsis end no sentence
    "Dr. A. B. Smith and Prof. J. Doe read it. So did I. Both signed.",
    "It was led by J. Smith. We read it. It is short.",
    "Wait… then call. Say what you see.",
    "They hurt, e.g. in the cold. It stops. Wait.",
    # lead-ins, and lists that are no sentences
    "Call us when:\n\n- it hurts\n- it swells",
    "Call us when:\n\n1. It hurts.\n2. It swells.",
    "- Bring these:\n    - a list of your pills\n    - water",
    "It may hurt, or swell, or …",
    "- a cold pack\n- a hat, and sun cream",
    "These were counted:\n\n| a | b |\n|---|---|\n| 1 | 2 |",
]
WRONG = [
    (16, "It is painless."),
    (16, "Ready for a miracle?"),
    (16, "Did you know that it is painless?"),
    (16, "Our “miracle” peel softens scars."),
    (16, "It is not only painless but quick."),
    (16, "No doubt, it is painless."),
    (16, "There is no cut and it is painless."),
    (16, "It is nothing but a breakthrough."),
    (16, "It is proven."),
    (16, "It is proven to reduce scars."),
    (16, "It is proven not to harm you."),
    (16, "We use the best-rated pen."),
    (16, "The best scale is ours."),
    (16, "Some say it hurts, and we say it is painless."),
    (22, "Vitamin C. It helps. It is old. It is acid. So ask."),
    (22, "Wait… Then call. Say it. Go. Rest."),
    (23, "It hurts"),
    (23, "Call us when:"),
    (23, "Call us when:\n\nIt hurts."),
    (23, "- It hurts.\n- it swells"),
    (23, "- It hurts. It swells"),
]
GAINS = {
    # a section with a label of what helps: whether it must name a harm
    "Needling may soften some scars.": True,
    "It works within three months.": True,
    "It does not hurt. It softens scars.": True,
    "It is not only safe but softens scars.": True,
    "Needling does not soften ice-pick scars.": False,
    "Nobody found a clear change.": False,
    "Redness lasts up to seven days.": False,
    "Visits were four weeks apart.": False,
}
HEAD = "## A section\n\n"


def page(content, text):
    path = content.folder / "en/about.md"
    head = path.read_text("utf-8").split("\n---\n")[0]
    path.write_text(f"{head}\n---\n{text}\n", "utf-8")
    return CheckedPage(read_page(catalogue.content(), read_page_file("en", "about", path)))


def broken(content, text):
    checked = page(content, text)
    return [problem.id for rule in WORDING for problem in rule(checked)]


@pytest.mark.parametrize("text", RIGHT)
def test_right_writing_passes(content, text):
    assert broken(content, text) == []


@pytest.mark.parametrize(("number", "text"), WRONG)
def test_wrong_writing_is_named(content, number, text):
    assert set(broken(content, text)) == {f"content.E{number:03}"}


@pytest.mark.parametrize("text", GAINS)
@pytest.mark.parametrize("form", ["{}\n{}", "- {} {}", "{}\n\n{}".replace("\n\n", " ")])
def test_a_section_names_a_harm_where_it_claims_a_gain(content, text, form):
    checked = page(content, HEAD + form.format(text, "[We are not very sure: @alam2014]"))

    assert bool(list(harms(checked))) == GAINS[text]


FOLD = "/// fold | More\n{}\n///"
HELPS, HARMS = "It softens scars.\n[{}: @alam2014]", "It hurts.\n[Counted in a study: @alam2014]"


@pytest.mark.parametrize(
    ("outside", "inside", "lacks"),
    [
        (HELPS, HARMS, True),
        (HELPS, "See [risks](/risks/).", True),
        (f"{HELPS}\n\n{HARMS}", "It is old.", False),
        (HARMS, HELPS, False),
        ("It is old.", f"{HELPS}\n\n{HARMS}", False),
        ("It is old.", HELPS, True),
    ],
)
def test_a_harm_in_a_fold_does_not_count_for_a_gain_outside(content, outside, inside, lacks):
    text = f"{HEAD}{outside}\n\n{FOLD.format(inside)}".replace("[{}:", "[We are very unsure:")

    assert bool(list(harms(page(content, text)))) == lacks


@pytest.mark.parametrize(
    ("block", "title"), [("safety", "Call 112"), ("care | today", "Get medical help today")]
)
def test_a_card_for_those_in_need_stands_in_no_fold(content, block, title):
    card = f"/// {block}\nPus.\n///"
    folded = f"/{FOLD.format(card)}/"

    assert not list(folded_cards(page(content, f"{HEAD}{card}\n\n{FOLD.format('Old.')}")))
    (problem,) = folded_cards(page(content, f"{HEAD}{folded}"))
    assert problem.id == "content.E044"
    assert title in problem.msg


def test_a_sentence_does_not_end_at_a_title_an_initial_or_a_number():
    text = "Dr. A. B. Smith saw No. 5. Vitamin B. It helps. “No.” It did not!"

    assert sentences(text) == [
        *("Dr. A. B. Smith saw No. 5.", "Vitamin B.", "It helps.", "“No.”", "It did not!"),
    ]
