"""The catalogue of our data in DCAT-AP_IT: what it says, and how that is written."""
