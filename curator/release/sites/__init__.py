"""Packages of several sites as one dataset: names, evidence, joining, building, verifying. Bytes stay whole."""
