"""FHIR R4, the few resources that hospitals send us, read strictly: bytes in, frozen facts out."""
