# A funnel of proportions, by FunnelPlotR's own functions, whose R files are read from a folder:
# R/od_adjustment.R (commit 225b14d) and R/calculate_limits.R (commit 260c859) of version 0.4.
# Run: Rscript funnel.R folder/of/FunnelPlotR > funnel.json
suppressPackageStartupMessages(library(metafor))
suppressPackageStartupMessages(library(jsonlite))
folder <- commandArgs(trailingOnly = TRUE)[1]
for (name in c("od_adjustment.R", "calculate_limits.R")) source(file.path(folder, "R", name))

plotted <- function(numerator, denominator) {
  rows <- data.frame(numerator = numerator, denominator = denominator)
  target <- sum(numerator) / sum(denominator)
  rows <- winsorisation(transformed_zscore(rows, data_type = "PR"), trim_by = 0.1)
  n <- nrow(rows)
  phi <- phi_func(n, rows$Wuzscore)
  tau2 <- tau_func(n, phi, rows$s)
  z <- (rows$Y - rows$target_transformed) / sqrt(rows$s^2 + tau2)
  at <- function(sizes) {
    calculate_limits(data.frame(number.seq = sizes), data_type = "PR", multiplier = 1, tau2 = tau2,
                     target = target, draw_adjusted = TRUE)
  }
  lines <- c(5, 20, 100, 1000, 20000)
  # the step from phi to tau2 alone, from scores that are not winsorised, is DerSimonian and Laird's
  dl <- rma(rows$Y, rows$s^2, method = "DL")
  list(positive = numerator, respondents = denominator, target = target, phi = phi, tau2 = tau2,
       z = rows$Uzscore, z_adjusted = z, limits = at(denominator), lines = at(lines),
       q = dl$QE, dl = dl$tau2)
}

simulated <- function(seed, providers, mean, sd, n) {
  set.seed(seed)
  size <- pmax(10, rpois(providers, n * rgamma(providers, 2, 2)))
  plotted(rbinom(providers, size, plogis(mean + sd * rnorm(providers))), size)
}

cat(toJSON(list(
  made_with = R.version.string,
  over_dispersed = simulated(1, 60, 1.1, 0.5, 150),
  chance = simulated(8, 40, 0.4, 0, 80),
  ceiling = simulated(3, 50, 3.2, 0.9, 60)
), auto_unbox = TRUE, digits = NA, pretty = FALSE), "\n")
