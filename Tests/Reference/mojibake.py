#!/usr/bin/env python3
"""What ftfy makes of damaged texts, and what Python's own tables say of encodings and HTML.

    pip install ftfy==6.3.1        (Python 3.11 or later)

    mojibake.py < question.json

The question is {"texts": ["José", ...], "pairs": [["JosÃ©", "José"], ...], "names": ["eacute", ...]}: sound texts,
damaged texts each with what it was, and names of HTML entities. The answer is
{
    "latin1": [...], "windows": [...],      the UTF-8 of each sound text, read as Latin-1 and as Windows-1252
    "defaults": [true, ...],                whether ftfy.fix_text gives what each damaged text was, in form C
    "lenient": [true, ...],                 the same, where ftfy leaves quotation marks, ligatures, widths and ends of lines
    "names": ["é", ...]                     the text of each entity; null where HTML has no such name
}
"""

import json
import sys
import unicodedata
from html.entities import html5

import ftfy
import ftfy.bad_codecs

ftfy.bad_codecs.ok()  # Windows-1252 with its five undefined bytes as control characters

LENIENT = ftfy.TextFixerConfig(
    explain=False, uncurl_quotes=False, fix_latin_ligatures=False, fix_character_width=False, fix_line_breaks=False
)


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def main():
    question = json.load(sys.stdin)
    utf8 = [text.encode("utf-8") for text in question["texts"]]
    answer = {
        "latin1": [text.decode("latin-1") for text in utf8],
        "windows": [text.decode("sloppy-windows-1252") for text in utf8],
        "defaults": [composed(ftfy.fix_text(damaged)) == composed(text) for damaged, text in question["pairs"]],
        "lenient": [composed(ftfy.fix_text(damaged, LENIENT)) == composed(text) for damaged, text in question["pairs"]],
        "names": [html5.get(name + ";") for name in question["names"]],
    }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
