"""Cleaning: from markup to the words a resident wrote, whatever the markup."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcu_sdk.text import clean_text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("Яма на дороге", "Яма на дороге"),
        ("<p>Яма</p><p>Лужа</p>", "Яма\nЛужа"),
        ("<ul><li>раз</li><li>два</li></ul>", "раз\nдва"),
        ("один<br>два<BR/>три<br />", "один\nдва\nтри"),
        ("<b>свет</b>ит", "светит"),
        ("Яма&nbsp;на&#160;дороге &amp; лужа", "Яма на дороге & лужа"),
        ("<p>&nbsp;</p><p>Яма</p><p>\u200b</p>", "Яма"),
        ("Двор.\n\n\n\nДом.", "Двор.\n\nДом."),
        ("раз\r\nдва\rтри", "раз\nдва\nтри"),
        ("  много \t пробелов  ", "много пробелов"),
        ("не\u00adви\u200bди\ufeffмо\x00", "невидимо"),
        ('<a href="https://x.ru?a>b">ссылка</a>', "ссылка"),
        ("<o:p>из Word</o:p>", "из Word"),
        ("<style>p {color: red}</style>текст<script>alert('<p>')</script>", "текст"),
        ("до<!-- <p>примечание</p> -->после", "допосле"),
        ("<!DOCTYPE html><p>текст</p>", "текст"),
        ("<p><![0]]>текст</p>", "текст"),
        ("[club1|Район], помогите", "Район, помогите"),
        ("[id7:bp-1_2|Ирина] пишет", "Ирина пишет"),
        ("[не упоминание|текст]", "[не упоминание|текст]"),
    ],
)
def test_markup_goes_and_words_stay(text: str, words: str) -> None:
    """Tags, entities, mentions and invisible characters go; what the resident wrote stays."""
    assert clean_text(text) == words


@pytest.mark.parametrize(
    "text",
    ["вода <5 градусов", "a < b и c > d", "если a<b", "стрелка --> туда", "<", "<>", "i <3 Мещовск", "</"],
)
def test_a_sign_that_opens_no_tag_stays(text: str) -> None:
    """A plain text with angle brackets is not eaten."""
    assert clean_text(text) == text


@pytest.mark.parametrize("tag", ["script", "style", "title", "template", "head", "!--"])
def test_a_silent_element_that_is_never_closed_swallows_nothing(tag: str) -> None:
    """A broken page does not lose the words after an unclosed tag."""
    assert "помогите" in clean_text(f"<p>Яма</p><{tag} ><p>помогите</p>")


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from('<>/!-"&;[|]pbrdivscript \n'))))
def test_cleaning_never_raises(text: str) -> None:
    """Any text can be cleaned, broken markup included, and gets no longer by it."""
    assert len(clean_text(text)) <= len(text)


@given(st.text(alphabet=st.characters(exclude_characters="<&["), max_size=200))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    """A text without markup is cleaned in one go."""
    once = clean_text(text)
    assert clean_text(once) == once


@pytest.mark.parametrize(
    "unit",
    [
        "<a ",
        "<a a=",
        '<a a="',
        "<!--",
        "<![CDATA[",
        "</",
        "<?x",
        "<script>",
        "&#",
        "[id1|",
        "\n ",
        "<p>\n",
        "-->",
    ],
)
def test_cleaning_takes_linear_time(unit: str) -> None:
    """A resident cannot stop the collecting with a text: twenty times the text is not 400 times the work."""
    short, long = (seconds_to_clean("<p>" + unit * count) for count in (2_000, 40_000))
    assert long < 100 * short + 0.5


def seconds_to_clean(text: str) -> float:
    """The processor time of this thread for one cleaning, the best of three."""
    best = float("inf")
    for _ in range(3):
        began = time.thread_time()
        clean_text(text)
        best = min(best, time.thread_time() - began)
    return best
