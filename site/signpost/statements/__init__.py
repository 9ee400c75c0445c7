"""The words people are shown and held to, in versions; and the contracts of third parties that pay."""
