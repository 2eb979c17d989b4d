# Spread between providers and heterogeneity, by metafor. Run: Rscript spread.R > spread.json
suppressPackageStartupMessages(library(metafor))
suppressPackageStartupMessages(library(jsonlite))

between <- function(y, v) {
  control <- list(tol = 1e-13, maxiter = 1000)
  pm <- rma(y, v, method = "PM", control = control)
  dl <- rma(y, v, method = "DL")
  list(value = y, variance = v, pm = pm$tau2, centre = as.numeric(coef(pm)), error = pm$se,
       shrunken = blup(pm)$pred, shrunken_error = blup(pm)$se,
       dl = dl$tau2, q = dl$QE)
}

simulated <- function(seed, providers, mean, sd, n) {
  set.seed(seed)
  size <- pmax(10, rpois(providers, n * rgamma(providers, 3, 3)))
  x <- rbinom(providers, size, plogis(mean + sd * rnorm(providers)))
  p <- (x + 0.5) / (size + 1)
  between(qlogis(p), 1 / ((size + 1) * p * (1 - p)))
}

# sources that speak of one provider: Cochran's Q with their usual differences in the variance
set.seed(4)
providers <- lapply(c(2, 3, 3, 4, 5), function(k) {
  d <- rnorm(k, 0, 1.2)
  v <- runif(k, 0.05, 0.8)
  kappa <- runif(k, 0, 0.5)
  found <- rma(d, v + kappa, method = "FE")
  list(value = d, variance = v, method = kappa, q = found$QE, p = found$QEp, i2 = found$I2 / 100)
})

bcg <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
cat(toJSON(list(
  made_with = paste(R.version.string, "; metafor", packageVersion("metafor")),
  bcg = between(as.numeric(bcg$yi), as.numeric(bcg$vi)),
  survey = simulated(1, 80, 1.1, 0.45, 110),
  fft = simulated(2, 60, 2.4, 0.5, 300),
  chance = simulated(6, 40, 1.0, 0, 50),
  heterogeneity = providers
), auto_unbox = TRUE, digits = NA, pretty = FALSE), "\n")
