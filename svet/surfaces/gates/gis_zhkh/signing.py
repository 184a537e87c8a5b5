"""Signatures of messages and digests of files, behind one protocol: who does it is the installation's choice.

The portal asks for XAdES-BES enveloped by GOST R 34.10-2012 and for a GOST digest of each file. No free library does
that lawfully, so a certified provider stands outside as a program (`ProgramSigner`). `KeySigner` makes the same
structure with RSA or ECDSA: for rehearsals and tests; the portal itself does not take it.
"""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path
from typing import Protocol

from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureConstructionMethod
from signxml.xades import XAdESDataObjectFormat, XAdESSigner

from svet.surfaces.gates.gis_zhkh.soap import Element, parse

DS = "http://www.w3.org/2000/09/xmldsig#"
PROGRAM_SECONDS = 60


class CannotSign(Exception):
    """The provider did not sign; the text is its own, for the log and the ledger."""


class Signer(Protocol):
    """Who signs for the organisation."""

    def sign(self, element: Element) -> Element:
        """Return the message with a signature as its first child, over its own `Id`. Raises CannotSign."""

    def digest(self, content: bytes) -> str:
        """Return the digest of a file as the portal compares it, in hexadecimal. Raises CannotSign."""


class NoSigner:
    """Signs nothing: for a development installation and a portal that asks for no signature."""

    def sign(self, element: Element) -> Element:
        """Return the message as it is."""
        return element

    def digest(self, content: bytes) -> str:
        """Return SHA-256, which a real portal does not take."""
        return hashlib.sha256(content).hexdigest()


class KeySigner(NoSigner):
    """XAdES-BES by a private key and its certificate in PEM."""

    def __init__(self, *, key: bytes, certificate: str) -> None:
        self.key, self.certificate = key, certificate

    def sign(self, element: Element) -> Element:
        """Return the message signed: enveloped, exclusive canonicalization, signed properties referred to."""
        element.insert(0, etree.Element(f"{{{DS}}}Signature", {"Id": "placeholder"}, nsmap={"ds": DS}))
        signer = _ExclusiveSigner(
            method=SignatureConstructionMethod.enveloped,
            digest_algorithm=DigestAlgorithm.SHA256,
            c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
            data_object_format=XAdESDataObjectFormat(Description="", MimeType="text/xml"),
        )
        try:
            return signer.sign(
                element,
                key=self.key,
                cert=self.certificate,
                reference_uri=f"#{element.get('Id')}",
                always_add_key_value=False,
            )
        except (ValueError, TypeError) as error:
            raise CannotSign(type(error).__name__) from error


class _ExclusiveSigner(XAdESSigner):
    """Says of each reference how it was canonicalized: unsaid, it is read inclusively and breaks in an envelope."""

    def _add_reference_to_signed_info(self, sig_root: Element, node_to_reference: Element, **attrs: str) -> None:
        super()._add_reference_to_signed_info(sig_root, node_to_reference, **attrs)
        reference = sig_root.findall(f"{{{DS}}}SignedInfo/{{{DS}}}Reference")[-1]
        transforms = etree.Element(f"{{{DS}}}Transforms")
        etree.SubElement(transforms, f"{{{DS}}}Transform", Algorithm=self.c14n_alg.value)
        reference.insert(0, transforms)


class ProgramSigner:
    """A provider as a program: `PROGRAM sign` and `PROGRAM digest` read the input and write the outcome."""

    def __init__(self, program: str) -> None:
        self.program = program

    def sign(self, element: Element) -> Element:
        """Return what the program made of the message."""
        try:
            return parse(self._run("sign", etree.tostring(element, encoding="UTF-8", xml_declaration=True)))
        except ValueError as error:
            raise CannotSign("the provider's answer is no XML") from error

    def digest(self, content: bytes) -> str:
        """Return what the program printed."""
        return self._run("digest", content).decode("ascii", "replace").strip()

    def _run(self, what: str, content: bytes) -> bytes:
        try:
            # The program is named by the installation's own settings.
            done = subprocess.run(  # noqa: S603
                [self.program, what], input=content, capture_output=True, timeout=PROGRAM_SECONDS, check=False
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise CannotSign(type(error).__name__) from error
        if done.returncode or not done.stdout:
            raise CannotSign(done.stderr.decode("utf-8", "replace")[:500] or f"code {done.returncode}")
        return done.stdout


def signer_of(*, program: str, key_file: str, certificate_file: str) -> Signer:
    """Return the signer that the settings name: a program, a key with its certificate, or none."""
    if program:
        return ProgramSigner(program)
    if key_file and certificate_file:
        return KeySigner(key=Path(key_file).read_bytes(), certificate=Path(certificate_file).read_text())
    return NoSigner()
