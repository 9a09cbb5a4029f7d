"""Failed tries per hashed address and ten minutes; gone after an hour."""

from sqlalchemy import CheckConstraint, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from enkat.records.base import Base


class ThrottleBucket(Base):
    """Failures of one kind from one hashed address within ten minutes."""

    __tablename__ = "throttle_bucket"
    __table_args__ = (CheckConstraint("failures > 0", name="failures"),)

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    address_digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    period: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Ten-minute period since 1970."""
    failures: Mapped[int]
