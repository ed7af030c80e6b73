"""Seals: a PDF signature (PAdES, ECDSA) with a visible stamp, and whether one still holds."""

from io import BytesIO
from pathlib import Path

from asn1crypto import cms
from asn1crypto import parser as asn1
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.validation import (
    EmbeddedPdfSignature,
    SignatureCoverageLevel,
    validate_pdf_signature,
)
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext

from papers.keys import believed_certificates, is_demonstration, sealing_certificate
from papers.typeset import render_pdf

SEAL_FIELD = "HospitalSeal"
SEAL_SIZE = 96  # points: 34 mm, as templates_typst/seal.typ draws it
SEAL_LEFT = 448  # on the last page, right of the closing lines of sheet.typ
SEAL_BOTTOM = 104
SEAL_LABEL = "电子签章"
DEMONSTRATION_NOTE = "（演示证书）"


def sign_pdf(pdf: bytes, *, hospital_name: str) -> bytes:
    """The PDF sealed in the hospital's name on its last page; nothing may be changed after.

    A demonstration's certificate is named on the seal itself. Raises ImproperlyConfigured
    where the key or its certificate is missing or may not be used here.
    """
    certificate = sealing_certificate()
    note = DEMONSTRATION_NOTE if is_demonstration(certificate) else ""
    seal = render_pdf(
        template="seal", data={"name": hospital_name, "label": SEAL_LABEL, "note": note}
    )
    box = (SEAL_LEFT, SEAL_BOTTOM, SEAL_LEFT + SEAL_SIZE, SEAL_BOTTOM + SEAL_SIZE)
    signer = PdfSigner(
        PdfSignatureMetadata(
            field_name=SEAL_FIELD,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            reason=SEAL_LABEL + note,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        ),
        signer=_signer(),
        stamp_style=StaticStampStyle(
            background=_DrawnSeal(seal), border_width=0, background_layout=_EDGE_TO_EDGE
        ),
        new_field_spec=SigFieldSpec(SEAL_FIELD, on_page=-1, box=box),
    )
    out = BytesIO()
    signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), output=out)
    return out.getvalue()


def verify_signature(pdf: bytes) -> bool:
    """Whether the whole file is as one of our certificates sealed it.

    Whatever cannot be read as a sealed PDF is not. A certificate is judged by the time the
    seal names: that a paper existed then is for the register of issued papers to say.
    """
    believed = believed_certificates()
    try:
        seals = PdfFileReader(BytesIO(pdf), strict=True).embedded_signatures
        if len(seals) != 1:
            return False
        seal = seals[0]
        status = validate_pdf_signature(
            seal,
            ValidationContext(
                trust_roots=believed,
                allow_fetching=False,
                moment=seal.self_reported_timestamp,
            ),
        )
        return (
            status.bottom_line
            and status.coverage == SignatureCoverageLevel.ENTIRE_FILE
            and _hides_nothing(pdf, seal)
        )
    except Exception:  # noqa: BLE001 - whatever a parser trips over is no seal of ours
        return False


def count_pages(pdf: bytes) -> int:
    """How many pages the PDF has."""
    return int(PdfFileReader(BytesIO(pdf)).root["/Pages"]["/Count"])


def _hides_nothing(pdf: bytes, seal: EmbeddedPdfSignature) -> bool:
    """Whether the seal's own bytes, which no seal can cover, are as they were written.

    The signature stands in the file as hexadecimal, filled up with zeros. Other fill, a digit
    in the other case, or another encoding of the parts that CMS leaves unsigned would change
    the file and leave the signature valid.
    """
    written: bytes = seal.pkcs7_content
    length = asn1.peek(written)
    _, before, after, _ = seal.byte_range
    if pdf[before:after] != b"<" + written.hex().upper().encode() + b">" or any(written[length:]):
        return False
    envelope = cms.ContentInfo.load(written[:length], strict=True)
    signed = envelope["content"]
    algorithms = [one["algorithm"].native for one in signed["digest_algorithms"]]
    versions = [part["version"].native for part in (signed, *signed["signer_infos"])]
    written_again: bytes = envelope.dump(force=True)
    return (
        written_again == written[:length] and versions == ["v1", "v1"] and algorithms == ["sha256"]
    )


class _DrawnSeal(PdfContent):
    """One page of PDF in memory, as the content of a stamp."""

    def __init__(self, pdf: bytes) -> None:
        self.pdf = pdf
        super().__init__(box=BoxConstraints(width=SEAL_SIZE, height=SEAL_SIZE))

    def render(self) -> bytes:
        page = self._ensure_writer.import_page_as_xobject(PdfFileReader(BytesIO(self.pdf)))
        self.resources.xobject["/DrawnSeal"] = page
        return b"/DrawnSeal Do"


_EDGE_TO_EDGE = SimpleBoxLayoutRule(
    x_align=AxisAlignment.ALIGN_MID,
    y_align=AxisAlignment.ALIGN_MID,
    margins=Margins(),
)


def _signer() -> SimpleSigner:
    signer: SimpleSigner | None = SimpleSigner.load(  # type: ignore[no-untyped-call]  # pyHanko's
        str(settings.PAPERS_SIGNING_KEY),
        str(settings.PAPERS_SIGNING_CERTIFICATE),
        ca_chain_files=[str(Path(file)) for file in settings.PAPERS_CHAIN_CERTIFICATES],
    )
    if signer is None:
        raise ImproperlyConfigured("PAPERS_SIGNING_KEY names no readable key in PEM or DER.")
    return signer
