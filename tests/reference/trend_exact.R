# Exact p-values of Kendall's S for short series without ties, by cor.test.
# Run: Rscript trend_exact.R > trend_exact.json
suppressPackageStartupMessages(library(jsonlite))

set.seed(8)
series <- c(
  list(c(1, 2, 3, 4, 5, 6, 7, 8), c(9, 8, 7, 6, 5, 4, 3, 2, 1)),
  lapply(rep(c(8, 9), 5), function(n) round(90 + 0.3 * seq_len(n) + rnorm(n), 3))
)
work <- function(y) {
  found <- cor.test(seq_along(y), y, method = "kendall", exact = TRUE)
  list(values = y, p = found$p.value, concordant = unname(found$statistic))
}
cat(toJSON(list(made_with = R.version.string, series = lapply(series, work)),
  auto_unbox = TRUE, digits = NA), "\n")
