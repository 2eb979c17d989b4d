"""Report in, alt.Chart out. One public function per chart; colours by meaning, from theme."""
