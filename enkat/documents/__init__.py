"""Files made from plain values: XLSX, CSV, JSON, PDF, SVG, QR. Knows no records and no Flask."""
