"""enkat: surveys and self-reporting in elder and disability care. Its rooms: docs/explanation/house.md."""
