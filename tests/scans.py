"""Files that people give: small real ones of each kind."""

import io

from PIL import Image, ImageDraw


def pdf(more=b""):
    """Return a PDF of one empty page, with `more` in its catalogue."""
    return (
        b"%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R " + more + b" >> endobj\n"
        b"2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj\n"
        b"3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >> endobj\n"
        b"trailer << /Root 1 0 R /Size 4 >>\nstartxref\n0\n%%EOF\n"
    )


def picture(kind="JPEG", *, size=(300, 420)):
    """Return a picture with a line across."""
    image, made = Image.new("RGB", size, "white"), io.BytesIO()
    ImageDraw.Draw(image).line([(0, 0), size], fill="black", width=3)
    image.save(made, kind)
    return made.getvalue()
