# Autoregression by ar (Yule-Walker, AIC) and prewhitened cross-correlation by ccf.
# Run: Rscript lead_lag.R > lead_lag.json
suppressPackageStartupMessages(library(jsonlite))

furthest <- 6
work <- function(first, second) {
  x <- diff(as.numeric(first))
  y <- diff(as.numeric(second))
  fit <- ar(x, aic = TRUE, order.max = 6, method = "yule-walker", demean = TRUE)
  whiten <- function(v) {
    v <- v - mean(v)
    if (fit$order == 0) return(v)
    as.numeric(na.omit(filter(v, c(1, -fit$ar), method = "convolution", sides = 1)))
  }
  # ccf(a, b) at lag k correlates a[t + k] with b[t]: with the second as a, it follows at k > 0
  found <- ccf(whiten(y), whiten(x), lag.max = furthest, plot = FALSE)
  list(first = as.numeric(first), second = as.numeric(second), order = fit$order,
       coefficients = I(as.numeric(fit$ar)), lags = as.numeric(found$lag),
       correlation = as.numeric(found$acf), used = found$n.used)
}

set.seed(11)
driver <- cumsum(as.numeric(arima.sim(list(ar = c(0.5, -0.3)), 120)))
late <- c(rep(driver[1], 4), head(driver, -4)) + rnorm(120, 0, 0.3)
opposite <- 100 - 2 * c(driver[3:120], 0, 0) + rnorm(120, 0, 0.5)
apart <- list(cumsum(rnorm(60)), cumsum(rnorm(60)))
shortest <- list(cumsum(rnorm(36)), cumsum(rnorm(36)))
set.seed(14)
past <- cumsum(as.numeric(arima.sim(list(ar = 0.6), 72))) # one month of its past foretells it
cat(toJSON(list(
  made_with = R.version.string,
  # Box and Jenkins 1976, series M: sales and their leading indicator
  sales = work(datasets::BJsales.lead, datasets::BJsales),
  sales_turned = work(datasets::BJsales, datasets::BJsales.lead),
  late = work(driver, late),
  opposite = work(driver, opposite),
  apart = work(apart[[1]], apart[[2]]),
  one_month = work(past, c(0, head(past, -1)) + rnorm(72, 0, 0.5)),
  shortest = work(shortest[[1]], shortest[[2]])
), auto_unbox = TRUE, digits = NA), "\n")
