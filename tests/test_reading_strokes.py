"""Numbers made of strokes are counted on the picture, and what is none is left as the engine read it."""

import cv2
import numpy as np
import pytest

from pipeline.reading import strokes
from pipeline.reading.material import Gray
from pipeline.reading.ocr import Recognised

HEIGHT, TOP, BOTTOM = 60, 14, 46


def drawn(signs: str) -> Gray:
    """A picture of signs: I with serifs, i with its dot, 1 without, brackets, a slash, a V, a Q and a stop."""
    page = np.full((HEIGHT, 30 + 16 * len(signs)), 250, np.uint8)
    for place, sign in enumerate(signs):
        x = 20 + 16 * place
        match sign:
            case "I" | "1":
                cv2.rectangle(page, (x, TOP), (x + 3, BOTTOM), 10, -1)
                for y in (TOP, BOTTOM):
                    cv2.line(page, (x - 4, y), (x + 7, y), 10, 2)
            case "i":
                cv2.rectangle(page, (x, TOP + 11), (x + 3, BOTTOM), 10, -1)
                cv2.rectangle(page, (x, TOP), (x + 3, TOP + 4), 10, -1)
            case "(" | ")":
                turn = 180 if sign == "(" else 0
                cv2.ellipse(page, (x + (6 if turn else 0), 31), (6, 22), turn, -80, 80, 10, 3)
            case "/":
                cv2.line(page, (x + 9, TOP), (x - 3, BOTTOM), 10, 3)
            case "V":
                cv2.polylines(page, [np.array([(x - 4, TOP), (x + 3, BOTTOM), (x + 10, TOP)])], False, 10, 3)
            case "Q":
                cv2.circle(page, (x - 2, 30), 14, 10, 4)
            case ".":
                cv2.circle(page, (x + 4, BOTTOM - 1), 2, 10, -1)
    return page


def told(before: str, seen: str, signs: str) -> tuple[str, float]:
    """What stands for a word seen as `seen` behind other words, its picture being that of `signs`."""
    page = drawn(signs)
    words = [Recognised(word, 0, 0, 1, 1, 0.95) for word in before.split()]
    asked, *after = (Recognised(word, 2, 6, page.shape[1] - 4, 54, 0.95) for word in seen.split())
    word = strokes.counted([*words, asked, *after], page)[len(words)]
    return word.text, word.confidence


@pytest.mark.parametrize(
    ("before", "seen", "signs", "expected"),
    [
        # strokes behind quý are counted, whatever the engine took them for, and what follows is kept
        ("Quý", "I", "II", "II"),
        ("Quý", "II/2026", "III/", "III/2026"),
        ("quý", "IIH/2026,", "III/", "III/2026,"),
        ("quý", "1/2026", "I/", "I/2026"),
        ("Quý I -", "I", "II", "II"),
        ("(Quý", "IIH/2026)", "III/", "III/2026)"),
        ("", "Q.I/2026", "Q.II/", "Q.II/2026"),
        # a slash is no stroke, and right is right
        ("Quý", "II/2026", "II/", "II/2026"),
        # small numbers in brackets, each stroke with its dot
        ("", "(1)", "(ii)", "(ii)"),
        ("", "()", "(i)", "(i)"),
        ("", "(0)", "(i)", "(i)"),
        ("", "(1ii)", "(iii)", "(iii)"),
        ("", "(ii):", "(iii)", "(iii):"),
        # without a dot it is the digit that was seen
        ("", "(1)", "(1)", "(1)"),
        ("", "(11)", "(11)", "(11)"),
        # the number of a part before its title in capitals
        ("", "H. NHIỆM", "II", "II."),
        ("", "Ï. MỤC", "I", "I."),
        ("", "I. TỔ", "III", "III."),
        # a letter, a sentence
        ("", "H. NHIỆM", "V", "H."),
        ("", "H. Lập", "II", "H."),
        ("", "D. NHIỆM", "II", "D."),
        # anything that is no stroke: left as it was seen
        ("quý", "IV/2026", "IV/", "IV/2026"),
        ("Quý", "I", "V", "I"),
        ("", "(1)", "(V)", "(1)"),
        # nothing says that these are numbers of strokes
        ("Mục", "I", "II", "I"),
        ("", "11/2025", "II/", "11/2025"),
    ],
)
def test_strokes_are_counted(before: str, seen: str, signs: str, expected: str) -> None:
    text, sure = told(before, seen, signs)
    assert text == expected
    # What was counted against the engine's reading is less sure.
    assert sure == (0.95 if expected == seen.split()[0] else strokes.SURENESS)


def test_a_picture_too_small_says_nothing() -> None:
    word = Recognised("I", 3, 3, 5, 6, 0.9)
    assert strokes.counted([word._replace(text="Quý"), word], drawn("II"))[1] == word
