# The underlying correlation of two sources, by metafor. Run: Rscript latent.R > latent.json
suppressPackageStartupMessages(library(metafor))
suppressPackageStartupMessages(library(jsonlite))

long <- function(y1, v1, y2, v2) {
  n <- length(y1)
  data.frame(
    provider = rep(seq_len(n), 2), outcome = factor(rep(c("left", "right"), each = n)),
    y = c(y1, y2), v = c(v1, v2)
  )
}

fit <- function(data, method, struct = "UN", rho = NA) {
  rma.mv(y, v, mods = ~ outcome - 1, random = ~ outcome | provider, struct = struct, rho = rho,
         data = data, method = method, control = list(optimizer = "optim", optmethod = "BFGS", reltol = 1e-14, maxit = 5000))
}

both <- function(y1, v1, y2, v2) {
  data <- long(y1, v1, y2, v2)
  reml <- fit(data, "REML")
  ml <- fit(data, "ML")
  apart <- fit(data, "ML", rho = 0)
  ci <- confint(reml, rho = 1, control = list(tol = 1e-9))$random
  likelihood <- function(rho) as.numeric(logLik(fit(data, "REML", rho = rho)))
  at <- c(-0.2, 0.3, 0.6, 0.9)
  list(
    left = y1, left_variance = v1, right = y2, right_variance = v2,
    reml = list(tau2 = reml$tau2, rho = reml$rho, centre = as.numeric(coef(reml)),
                rho_low = ci["rho", "ci.lb"], rho_high = ci["rho", "ci.ub"]),
    ml = list(tau2 = ml$tau2, rho = ml$rho, centre = as.numeric(coef(ml))),
    chance = pchisq(2 * as.numeric(logLik(ml) - logLik(apart)), 1, lower.tail = FALSE),
    profile = list(rho = at, fall = as.numeric(logLik(reml)) - sapply(at, likelihood))
  )
}

simulated <- function(seed, providers, rho, sd1, sd2, n1, n2, mean1, mean2) {
  set.seed(seed)
  shared <- rnorm(providers)
  side <- function(mean, sd, n) {
    size <- pmax(10, rpois(providers, n * rgamma(providers, 3, 3)))
    truth <- mean + sd * (sqrt(rho) * shared + sqrt(1 - rho) * rnorm(providers))
    x <- rbinom(providers, size, plogis(truth))
    p <- (x + 0.5) / (size + 1)
    list(y = qlogis(p), v = 1 / ((size + 1) * p * (1 - p)))
  }
  one <- side(mean1, sd1, n1)
  other <- side(mean2, sd2, n2)
  both(one$y, one$v, other$y, other$v)
}

# the trials of BCG vaccine: log odds of tuberculosis with and without it (van Houwelingen 2002)
bcg <- with(dat.bcg, both(
  log(tpos / tneg), 1 / tpos + 1 / tneg, log(cpos / cneg), 1 / cpos + 1 / cneg
))

cat(toJSON(list(
  made_with = paste(R.version.string, "; metafor", packageVersion("metafor")),
  bcg = bcg,
  ordinary = simulated(1, 90, 0.7, 0.45, 0.5, 110, 300, 1.1, 2.2),
  noisy = simulated(2, 45, 0.5, 0.5, 0.7, 60, 25, 1.1, -0.2),
  unrelated = simulated(3, 60, 0, 0.45, 0.5, 110, 200, 1.1, 2.2)
), auto_unbox = TRUE, digits = NA, pretty = FALSE), "\n")
