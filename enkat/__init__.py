"""enkat: surveys and self-reporting in elder and disability care. The rooms are described in docs/explanation/house.md."""
