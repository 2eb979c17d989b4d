# XmR limits and point types by NHSRplotthedots 0.2.2, its own two files read from a folder.
# (With dplyr before 1.1 its `.default =` has to be read as `TRUE ~`.)
# Run: Rscript control_chart.R folder/of/NHSRplotthedots/R > control_chart.json
suppressPackageStartupMessages({
  library(dplyr)
  library(jsonlite)
})
`%||%` <- rlang::`%||%`
folder <- commandArgs(TRUE)[1]
source(file.path(folder, "ptd_spc_standard.R"))
source(file.path(folder, "ptd_calculate_point_type.R"))

work <- function(y, rebase = integer(), fix_after = NULL, improvement = 1) {
  y <- as.numeric(y)
  data <- data.frame(y = y, x = seq_along(y) - 1)
  data$rebase <- as.integer(data$x %in% rebase)
  options <- list(value_field = "y", date_field = "x", screen_outliers = TRUE,
                  fix_after_n_points = fix_after)
  found <- ptd_calculate_point_type(ptd_spc_standard(data, options), improvement)
  of_each <- function(column) column[!duplicated(found$rebase_group)] # segment
  list(values = y, rebase = I(rebase), fix_after = fix_after, improvement = improvement,
       segment = found$rebase_group, mean = I(of_each(found$mean_col)),
       lower = I(of_each(found$lpl)), upper = I(of_each(found$upl)),
       cause = found$special_cause_type, type = found$point_type)
}

set.seed(123)
published <- rnorm(20) # of the package's own tests
screened <- published
screened[15] <- 10
set.seed(2)
falling <- round(rnorm(30), 6) # of its issue 24: seven falling points at the start
falling[1:7] <- c(1, 0.5, 0, -0.5, -1, -1.5, -2)
series <- list(
  work(published), work(screened), work(falling), work(falling, improvement = -1),
  work(c(1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1)), # its vignette on deviations
  work(c(rep(c(1, -1), 7), 5.5, -5.5)), # its test of two in three on opposite sides
  work(c(0:7, 6:1)), # its issue 200: a point that ends one trend and starts another
  work(c(published, screened), rebase = 20), work(c(screened, published + 3), fix_after = 12)
)
set.seed(40)
for (i in seq_len(40)) { # white, drifting and stepping series, percentages to one decimal
  n <- sample(c(14, 24, 36, 60), 1)
  y <- 88 + rnorm(n, 0, 2) + switch(i %% 4 + 1, 0, seq(-4, 4, length.out = n),
    cumsum(rnorm(n, 0, 1.5)), rep(c(0, 3), c(floor(n / 2), ceiling(n / 2))))
  series[[length(series) + 1]] <- work(round(y, 1),
    rebase = if (i %% 3 == 0 && n >= 24) floor(n / 2) else integer(),
    fix_after = if (i %% 5 == 0) 12 else NULL, improvement = if (i %% 2) 1 else -1)
}
cat(toJSON(list(made_with = paste(R.version.string, "; NHSRplotthedots 0.2.2"), series = series),
  auto_unbox = TRUE, digits = NA, null = "null"), "\n")
