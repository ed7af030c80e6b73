"""A seal holds for the very bytes it was put on, and says what it is."""

import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from pytest_django import Settings

from papers.checks import check_seal
from papers.keys import make_demonstration_pair
from papers.signing import DEMONSTRATION_NOTE, sign_pdf, verify_signature
from papers.typeset import render_pdf
from tests.papers import make


@pytest.fixture
def unsealed() -> bytes:
    return render_pdf(template="visit_record", data=make.whole_record())


def sealed(pdf: bytes) -> bytes:
    return sign_pdf(pdf, hospital_name="临江市第一人民医院")


def flipped(pdf: bytes, at: int, mask: int = 1) -> bytes:
    return pdf[:at] + bytes([pdf[at] ^ mask]) + pdf[at + 1 :]


def test_a_sealed_paper_verifies_and_an_unsealed_does_not(unsealed: bytes) -> None:
    assert verify_signature(sealed(unsealed)) is True
    assert verify_signature(unsealed) is False


@pytest.mark.parametrize("part", [0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999])
def test_one_flipped_byte_breaks_the_seal(unsealed: bytes, part: float) -> None:
    pdf = sealed(unsealed)

    assert verify_signature(flipped(pdf, int(part * len(pdf)))) is False


@pytest.mark.parametrize("part", [0.0, 0.05, 0.2, 0.34, 0.5, 0.8, 0.99])
def test_one_flipped_byte_of_the_seal_itself_breaks_it(unsealed: bytes, part: float) -> None:
    pdf = sealed(unsealed)
    found = re.search(rb"<([0-9A-F]{1000,})>", pdf)
    assert found is not None

    at = found.start(1) + int(part * len(found[1]))

    assert verify_signature(flipped(pdf, at)) is False


def test_a_digit_of_the_seal_in_the_other_case_breaks_it(unsealed: bytes) -> None:
    pdf = sealed(unsealed)
    found = re.search(rb"<[0-9A-F]{1000,}?([A-F])", pdf)
    assert found is not None

    assert verify_signature(flipped(pdf, found.start(1), 0x20)) is False


@pytest.mark.parametrize("more", [b"\n", b"\0", b"%%EOF\n"])
def test_anything_appended_breaks_the_seal(unsealed: bytes, more: bytes) -> None:
    assert verify_signature(sealed(unsealed) + more) is False


@pytest.mark.parametrize("junk", [b"", b"%PDF-1.7", b"\x00" * 5000, b"%PDF-1.7\n" + b"<<" * 9000])
def test_what_is_no_pdf_has_no_seal(junk: bytes) -> None:
    assert verify_signature(junk) is False


def test_somebody_elses_seal_is_not_believed(
    unsealed: bytes, settings: Settings, tmp_path: Path
) -> None:
    pdf = sealed(unsealed)
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    make_demonstration_pair(key_file=key, certificate_file=certificate)

    settings.PAPERS_SIGNING_KEY, settings.PAPERS_SIGNING_CERTIFICATE = key, certificate

    assert verify_signature(pdf) is False
    assert verify_signature(sealed(unsealed)) is True


def test_the_seal_of_a_retired_certificate_still_holds(
    unsealed: bytes, settings: Settings, tmp_path: Path
) -> None:
    pdf, retired = sealed(unsealed), settings.PAPERS_SIGNING_CERTIFICATE
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    make_demonstration_pair(key_file=key, certificate_file=certificate)

    settings.PAPERS_SIGNING_KEY, settings.PAPERS_SIGNING_CERTIFICATE = key, certificate
    settings.PAPERS_RETIRED_CERTIFICATES = [str(retired)]

    assert verify_signature(pdf) is True


def test_a_demonstrations_seal_says_so_where_everybody_sees_it(unsealed: bytes) -> None:
    pdf = sealed(unsealed)

    seal = make.inside(pdf, "/Annots", 0)
    drawn = make.inside(pdf, "/Annots", 0, "/AP", "/N", "/Resources", "/XObject", "/DrawnSeal")
    assert seal["/V"]["/Reason"] == "电子签章" + DEMONSTRATION_NOTE
    assert [round(float(side)) for side in drawn["/BBox"]] == [0, 0, 96, 96]


def test_a_demonstrations_certificate_seals_nothing_in_production(
    unsealed: bytes, settings: Settings
) -> None:
    settings.PAPERS_DEMONSTRATION_SEAL = False

    with pytest.raises(ImproperlyConfigured):
        sealed(unsealed)


def test_production_is_told_of_a_demonstrations_certificate_before_it_starts(
    settings: Settings,
) -> None:
    assert check_seal() == []

    settings.PAPERS_DEMONSTRATION_SEAL = False

    assert [trouble.id for trouble in check_seal()] == ["papers.E001"]


def test_without_keys_the_boot_says_what_to_do(
    unsealed: bytes, settings: Settings, tmp_path: Path
) -> None:
    settings.PAPERS_SIGNING_CERTIFICATE = tmp_path / "absent.pem"

    with pytest.raises(ImproperlyConfigured, match="make_demonstration_keys"):
        sealed(unsealed)


def test_the_command_makes_a_private_key_once(settings: Settings, tmp_path: Path) -> None:
    settings.PAPERS_SIGNING_KEY = tmp_path / "keys" / "key.pem"
    settings.PAPERS_SIGNING_CERTIFICATE = tmp_path / "keys" / "cert.pem"

    call_command("make_demonstration_keys", verbosity=0)
    first = settings.PAPERS_SIGNING_KEY.read_bytes()
    call_command("make_demonstration_keys", verbosity=0)

    assert settings.PAPERS_SIGNING_KEY.read_bytes() == first
    assert settings.PAPERS_SIGNING_KEY.stat().st_mode & 0o777 == 0o600


def test_half_a_pair_is_never_completed(settings: Settings, tmp_path: Path) -> None:
    settings.PAPERS_SIGNING_KEY = tmp_path / "key.pem"
    settings.PAPERS_SIGNING_CERTIFICATE = tmp_path / "cert.pem"
    (tmp_path / "cert.pem").write_text("a real certificate")

    with pytest.raises(ImproperlyConfigured):
        call_command("make_demonstration_keys")

    assert not (tmp_path / "key.pem").exists()


def test_production_makes_no_demonstration_key(settings: Settings) -> None:
    settings.PAPERS_DEMONSTRATION_SEAL = False

    with pytest.raises(CommandError):
        call_command("make_demonstration_keys")
