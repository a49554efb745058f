#!/usr/bin/env python3
"""Writes CanonicalBases.txt: what is left of each character when it is decomposed and its accents are taken off.

A line is the character and what is left of it, as hexadecimal code points: its full canonical decomposition (Unicode Standard Annex
15, form D) without nonspacing marks. Left out: characters that this doesn't change, nonspacing marks themselves, and Hangul syllables,
which decompose by arithmetic. Run it with the Python whose Unicode version is wanted:

    python3 CanonicalBases.py > CanonicalBases.txt
"""
import sys
import unicodedata

HANGUL = range(0xAC00, 0xD7A4)
SURROGATES = range(0xD800, 0xE000)

print(f"# Made by CanonicalBases.py from the Unicode Character Database {unicodedata.unidata_version}.")
print("# Copyright Unicode, Inc. Unicode License v3, https://www.unicode.org/license.txt")
for code in range(sys.maxunicode + 1):
    character = chr(code)
    if code in HANGUL or code in SURROGATES or unicodedata.category(character) == "Mn":
        continue
    base = "".join(c for c in unicodedata.normalize("NFD", character) if unicodedata.category(c) != "Mn")
    if base != character:
        print(f"{code:04X}", *(f"{ord(c):04X}" for c in base))
