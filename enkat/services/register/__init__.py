"""The register: districts, providers, units and people; staged imports of register files, search and successions."""
