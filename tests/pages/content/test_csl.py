"""What reference managers export is read field by field, or refused with the source's name."""

import json

import pytest

from mesosite.pages.content.errors import ContentError
from mesosite.pages.content.references import read_references

ALAM = {"id": "alam2014", "title": "Needling"}


def read(tmp_path, **fields):
    path = tmp_path / "references.json"
    path.write_text(json.dumps([ALAM | fields], indent=1), "utf-8")
    return read_references(path)["alam2014"]


@pytest.mark.parametrize(
    "issued",
    [
        {"date-parts": [[2014, 8]]},
        {"date-parts": [["2014", "8"]]},  # Zotero, Mendeley
        {"date-parts": [[2014], [2014]]},
        {"literal": "August 2014"},
        {"literal": "2014 Aug 1"},
        {"raw": "2014-08-01"},
        {"raw": "2014"},
        "2014-08",  # pandoc
        2014,
    ],
)
def test_a_date_is_read_as_it_is_exported(tmp_path, issued):
    assert read(tmp_path, issued=issued).year == "2014"


@pytest.mark.parametrize(
    "issued", [None, "", {}, [], {"date-parts": [[]]}, {"date-parts": [[None]]}, {"season": 1}]
)
def test_a_date_that_is_not_known_is_left_out(tmp_path, issued):
    reference = read(tmp_path, issued=issued)

    assert (reference.year, reference.published) == ("", "")


def test_what_is_not_known_is_not_printed(tmp_path):
    unknown = dict.fromkeys(
        ("volume", "issue", "page", "publisher", "DOI", "PMID", "URL", "author")
    )

    reference = read(tmp_path, issued=2014, **unknown | {"container-title": "Skin"})

    assert (reference.published, reference.links) == ("Skin. 2014", [])
    assert read(tmp_path, **dict.fromkeys(unknown, "")).links == []


def test_numbers_and_lists_of_one_are_read(tmp_path):
    fields = {"container-title": ["JAMA  Dermatology"], "volume": 150, "issue": 8, "page": 844}
    reference = read(tmp_path, issued=2014, title=["On <i>skin</i>\nand <sup>2</sup>"], **fields)

    assert reference.published == "JAMA Dermatology. 2014;150(8):844"
    assert reference.title == "On skin and 2"


@pytest.mark.parametrize(
    ("author", "printed"),
    [
        ({"family": "Alam", "given": "Murad"}, "Alam M"),
        ({"family": "Alam", "given": "M.J."}, "Alam MJ"),
        ({"family": "Alam"}, "Alam"),
        ({"family": "Alam", "given": None}, "Alam"),
        ({"family": "Alam", "given": "", "suffix": "", "parse-names": False}, "Alam"),
        ({"non-dropping-particle": "van", "family": "Berg", "given": "Jo-An"}, "van Berg JA"),
        ({"given": "Murad"}, "Murad"),
        ({"name": "A group", "sequence": "first"}, "A group"),  # Crossref
        ({"literal": "A group."}, "A group"),
        ("Alam M", "Alam M"),
    ],
)
def test_a_name_is_read_as_it_is_exported(tmp_path, author, printed):
    assert read(tmp_path, author=[author]).authors == printed


@pytest.mark.parametrize(
    ("field", "value", "address"),
    [
        ("DOI", "10.1002/(SICI)1097<1::AID>3.0;2-#", "10.1002/(SICI)1097%3C1::AID%3E3.0;2-%23"),
        ("DOI", "10.1000/a?b%c\"d'e&f", "10.1000/a%3Fb%25c%22d%27e%26f"),
        ("DOI", "https://doi.org/10.1000/x", "10.1000/x"),
        ("DOI", "doi: 10.1000/x", "10.1000/x"),
        ("PMID", 24919799, "pubmed.ncbi.nlm.nih.gov/24919799/"),
        ("PMID", "PMID: 24919799", "pubmed.ncbi.nlm.nih.gov/24919799/"),
        ("PMCID", "8501429", "articles/PMC8501429/"),
        ("URL", "https://www.nice.org.uk/x", "https://www.nice.org.uk/x"),
    ],
)
def test_an_address_is_made_of_what_is_exported(tmp_path, field, value, address):
    assert read(tmp_path, **{field: value}).url.endswith(address)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"author": "Alam M, Han S"}, "“author” must be a list of people"),
        ({"author": {"family": "Alam"}}, "“author” must be a list of people"),
        ({"author": [7]}, "An author must be a name"),
        ({"author": [{}]}, "An author has no name"),
        ({"author": [{"family": None, "given": ""}]}, "An author has no name"),
        ({"author": [{"family": ["a", "b"]}]}, "“family” must be words"),
        ({"issued": "in press"}, "“issued” does not say one year: “in press”"),
        ({"issued": {"literal": "2014 or 2015"}}, "“issued” does not say one year"),
        ({"issued": {"date-parts": "soon"}}, "“issued” does not say one year"),
        ({"issued": {"date-parts": [[14]]}}, "“issued” does not say one year: “14”"),
        ({"issued": {"date-parts": [[True]]}}, "“issued” must be words"),
        ({"title": {"short": "x"}}, "“title” must be words"),
        ({"title": ["a", "b"]}, "“title” must be words"),
        ({"volume": True}, "“volume” must be words"),
        ({"issue": float("nan")}, "NaN is not a number"),
        ({"DOI": "none"}, "“DOI” cannot be “none”"),
        ({"DOI": "10.1000/a b"}, "“DOI” cannot be"),
        ({"PMID": "PMC12"}, "“PMID” cannot be “PMC12”"),
        ({"PMCID": "x"}, "“PMCID” cannot be “x”"),
        ({"URL": "nice.org.uk"}, "“URL” is not an address"),
        ({"URL": "javascript:alert(1)"}, "“URL” is not an address"),
        ({"URL": "https://[x"}, "“URL” is not an address"),
        ({"id": "http://zotero.org/items/7"}, "The id “http://zotero.org/items/7” cannot be cited"),
        ({"id": None}, "A source has no “id”"),
        ({"id": ""}, "A source has no “id”"),
    ],
)
def test_a_field_that_cannot_be_read_is_refused_in_words(tmp_path, fields, words):
    with pytest.raises(ContentError) as caught:
        read(tmp_path, **fields)

    assert words in caught.value.message
    assert caught.value.hint
    if "id" not in fields and "NaN" not in words:
        assert str(caught.value).endswith(f"json:3: Source “alam2014”: {caught.value.message[19:]}")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "json:1: This cannot be read as JSON"),
        ('[\n{"id": "a"},\n]', "json:3: This cannot be read as JSON"),
        ("[" * 100_000, "This cannot be read as JSON"),
        ("[" + "7" * 5000 + "]", "This cannot be read as JSON"),
        ('{"id": "a"}', "The file is not a list of sources"),
        ("null", "The file is not a list of sources"),
        ("[null]", "A source is not a { … }"),
        ('[{"id": "a"},\n{"id": "a"}]', "json:2: Source “a”: Another source has the same id"),
        ('[{"id": "a", "title": "b", "title": "c"}]', "The field “title” of “a” stands twice"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(tmp_path, text, words):
    path = tmp_path / "references.json"
    path.write_text(text, "utf-8")

    with pytest.raises(ContentError) as caught:
        read_references(path)

    assert words in str(caught.value)
