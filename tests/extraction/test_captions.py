"""The line under a picture, taken apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewbscraper.extraction.fields.captions import split_credit


@pytest.mark.parametrize(
    ("line", "caption", "credit"),
    [
        ("A ferry at dawn; Photo: NATO", "A ferry at dawn", "NATO"),
        ("A ferry at\u00a0dawn; Photo:\u00a0Ana Kos", "A ferry at dawn", "Ana Kos"),
        ("A ferry: the last one; Photo: Tanjug / Ana Kos", "A ferry: the last one", "Tanjug / Ana Kos"),
        ("A ferry. Photo: Ana Kos/AP.", "A ferry", "Ana Kos/AP"),
        ("Who pays? Photo: Ana K.", "Who pays?", "Ana K."),
        ("A ferry (Photo: Beta / Ana Kos)", "A ferry", "Beta / Ana Kos"),
        ("Trajekt (foto: Beta)", "Trajekt", "Beta"),
        ("A ferry (ANA KOS / AFP)", "A ferry", "ANA KOS / AFP"),
        ("A ferry. [EPA-EFE/ANA KOS]", "A ferry", "EPA-EFE/ANA KOS"),
        ("A ferry, © European Union, 2023", "A ferry", "European Union, 2023"),
        ("A ferry / Tanjug", "A ferry", "Tanjug"),
        ("A ferry at dawn. Photo Reuters\nMore of the ferry", "A ferry at dawn", "Reuters"),
        ("A ferry. AP Photo/Ana Kos", "A ferry", "AP Photo/Ana Kos"),
        ("A ferry. (Photo by Ana Kos/AFP via Getty Images)", "A ferry", "Ana Kos/AFP via Getty Images"),
        ("Image by Ana Kos from Pixabay", "", "Ana Kos from Pixabay"),
        ("Trajekt FOTO: Nova.rs", "Trajekt", "Nova.rs"),
        ("Foto: privatna arhiva", "", "privatna arhiva"),
        ("Трг у Нишу. Фото: Танјуг/Ана Кос", "Трг у Нишу", "Танјуг/Ана Кос"),
        ("Извор: Твитер", "", "Твитер"),
        ("Pamje nga porti / Foto: ATSH", "Pamje nga porti", "ATSH"),
        ("Burimi: Facebook/Ana Kos", "", "Facebook/Ana Kos"),
        ("Снимка: БТА", "", "БТА"),
        ("Vir: STA", "", "STA"),
        ("Φωτογραφία: ΑΠΕ-ΜΠΕ", "", "ΑΠΕ-ΜΠΕ"),
        ("Sursa foto: Agerpres", "", "Agerpres"),
        ("Fotoğraf: AA", "", "AA"),
        ("Fotó: MTI/Kos Ana", "", "MTI/Kos Ana"),
        ("Foto: picture alliance/dpa", "", "picture alliance/dpa"),
        ("Crédit photo : AFP", "", "AFP"),
        ("EPA/Ana Kos", "", "EPA/Ana Kos"),
        ("A ferry. Credit...Ana Kos/The Paper", "A ferry", "Ana Kos/The Paper"),
        ("A ferry [File: Reuters]", "A ferry", "Reuters"),
        ("A ferry. (anakos / iStock)", "A ferry", "anakos / iStock"),
        ("Foto: ferry.example, via Wikimedia Commons", "", "ferry.example, via Wikimedia Commons"),
        ("Trajekt(Dok.Kapal )", "Trajekt", "Kapal"),
        ("Quelle: kos/Getty Images", "", "kos/Getty Images"),
        ("夜明けの渡し船（港で、３日）＝ＡＰ", "夜明けの渡し船（港で、３日）", "ＡＰ"),
        ("夜明けの渡し船＝13日、港で（山田花撮影）", "夜明けの渡し船＝13日、港で", "山田花"),
        ("夜明けの渡し船（左）", "夜明けの渡し船（左）", None),
        ("Photo: European Commission\nApril 28, 2023", "", "European Commission"),
        ("Ana Kos (left) and Ben Rot (right)", "Ana Kos (left) and Ben Rot (right)", None),
        ("Family photo of the ferrymen", "Family photo of the ferrymen", None),
    ],
)
def test_a_caption_and_its_credit(line: str, caption: str, credit: str | None) -> None:
    assert split_credit(line) == (caption, credit)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "The photo was taken in March, Reuters reported.",
        "Foto: album sa putovanja koji je izazvao pažnju javnosti biće objavljen.",
        "Source: the author’s estimate based on the ferry’s log books.",
        "Burimi: marrëveshja do të nënshkruhet nesër.",
        "Video: the whole debate is on our channel.",
        "Read more: the photo that changed the campaign",
        "Прочитајте још: Ко је снимио фотографију",
        "© 2024 Ferry Times. All rights reserved.",
        "x" * 10_000,
    ],
)
def test_a_line_that_is_no_caption(line: str) -> None:
    assert split_credit(line) is None


@given(st.text() | st.text(alphabet="Photo: ;/()[]©.ABab\n", max_size=80))
def test_no_text_raises(text: str) -> None:
    found = split_credit(text)
    assert found is None or found[0] is not None
