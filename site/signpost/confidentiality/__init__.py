"""What may be told of a person to somebody else, and when: consents, questions to employers, breaches, emergencies (C)."""
