# Agreement of two or more sources, by R's own functions and by psych, epiR, vcd, vegan and boot.
# Run: Rscript agreement.R > agreement.json
suppressPackageStartupMessages({
  library(psych)
  library(epiR)
  library(vcd)
  library(vegan)
  library(boot)
  library(jsonlite)
})

ends <- function(x) as.numeric(x)

# --- two sources on the same providers ---

pair <- function(left, right) {
  r <- cor.test(left, right)
  t <- suppressWarnings(cor.test(left, right, method = "kendall", exact = FALSE))
  ccc <- epi.ccc(left, right)
  list(left = left, right = right,
       pearson = as.numeric(r$estimate), pearson_interval = ends(r$conf.int),
       kendall = as.numeric(t$estimate),
       spearman = cor(left, right, method = "spearman"),
       ccc = ccc$rho.c$est, ccc_interval = c(ccc$rho.c$lower, ccc$rho.c$upper),
       scale_shift = ccc$s.shift, location_shift = ccc$l.shift, accuracy = ccc$C.b)
}

set.seed(11)
true <- rnorm(40, 0.8, 0.06)
few <- rbinom(40, 60, pmin(0.99, true)) / 60
more <- rbinom(40, 180, pmin(0.99, true - 0.05)) / 180
against <- round(0.7 - 0.8 * (few - mean(few)) + rnorm(40, 0, 0.03), 2)

# Bland and Altman 1986: peak flow by a large and a small meter
large <- c(494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427)
mini <- c(512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451)

# --- limits of agreement ---

limits <- function(left, right) {
  d <- left - right
  m <- (left + right) / 2
  n <- length(d)
  z <- qnorm(0.975)
  near <- qt(0.025, n - 1, z * sqrt(n)) / sqrt(n)
  far <- qt(0.975, n - 1, z * sqrt(n)) / sqrt(n)
  line <- lm(d ~ m)
  scatter <- lm(abs(residuals(line)) ~ m)
  spread <- cor.test(left + right, left - right)  # Pitman-Morgan
  slopes <- function(fit) as.numeric(summary(fit)$coefficients[2, 4])
  list(left = left, right = right, bias = mean(d), bias_interval = ends(t.test(d)$conf.int),
       deviation = sd(d), limits = mean(d) + c(-1, 1) * z * sd(d),
       low_interval = mean(d) - c(far, near) * sd(d),
       high_interval = mean(d) + c(near, far) * sd(d),
       spread_correlation = as.numeric(spread$estimate), spread_p = spread$p.value,
       line = as.numeric(coef(line)), line_p = slopes(line), line_deviation = sigma(line),
       scatter = as.numeric(coef(scatter)), scatter_p = slopes(scatter))
}

set.seed(12)
level <- runif(60, 0.55, 0.95)
fanning <- level + (level - 0.5) * rnorm(60, 0.1, 0.12)   # spread and bias grow with the level
set.seed(14)
wider <- 0.75 + 1.5 * (level - 0.75) + rnorm(60, 0, 0.03) # spread wider, scatter even

# Bland and Altman 2007: cardiac output of 12 patients, several pairs each
subject <- rep(1:12, c(5, 4, 6, 5, 6, 4, 4, 6, 3, 5, 6, 6))
rv <- c(7.83, 7.42, 7.89, 7.12, 7.88, 6.16, 7.26, 6.71, 6.54, 4.75, 5.24, 4.86, 4.78, 6.05, 5.42,
        4.21, 3.61, 3.72, 3.87, 3.92, 3.13, 2.98, 2.85, 3.17, 3.09, 3.12, 5.92, 6.42, 5.92, 6.27,
        7.13, 6.62, 6.58, 6.93, 4.54, 4.81, 5.11, 5.29, 5.39, 5.57, 4.48, 4.92, 3.97, 4.22, 4.65,
        4.74, 4.44, 4.50, 6.78, 6.07, 6.52, 6.42, 6.41, 5.76, 5.06, 4.72, 4.90, 4.80, 4.90, 5.10)
ic <- c(6.57, 5.62, 6.90, 6.57, 6.35, 4.06, 4.29, 4.26, 4.09, 4.71, 5.50, 5.08, 5.02, 6.01, 5.67,
        4.14, 4.20, 4.61, 4.68, 5.04, 3.03, 2.86, 2.77, 2.46, 2.32, 2.43, 5.90, 5.81, 5.70, 5.76,
        5.09, 4.63, 4.61, 5.09, 4.72, 4.61, 4.36, 4.20, 4.36, 4.20, 3.17, 3.12, 2.96, 4.35, 4.62,
        3.16, 3.53, 3.53, 7.20, 6.09, 7.00, 7.10, 7.40, 6.80, 4.50, 4.20, 3.80, 3.80, 4.20, 4.50)
repeated <- epi.ccc(rv, ic, rep.measure = TRUE, subjectid = subject)$sblalt

# --- Deming: principal axis of the data scaled to equal error, and the jackknife ---

axis <- function(x, y, ratio) {
  turned <- prcomp(cbind(x / sqrt(ratio), y))$rotation[, 1]
  slope <- as.numeric(turned[2] / turned[1]) / sqrt(ratio)
  c(slope, mean(y) - slope * mean(x))
}
deming <- function(x, y, ratio) {
  n <- length(x)
  without <- sapply(seq_len(n), function(i) axis(x[-i], y[-i], ratio))
  error <- sqrt((n - 1) / n * rowSums((without - rowMeans(without))^2))
  list(left = x, right = y, ratio = ratio, line = axis(x, y, ratio), error = error,
       half = qt(0.975, n - 2) * error)
}

# --- intraclass correlation ---

shares <- function(table) {
  found <- suppressMessages(suppressWarnings(ICC(table, lmer = FALSE)))$results
  pick <- function(row) as.numeric(found[row, c("ICC", "lower bound", "upper bound")])
  list(values = unname(as.matrix(table)), agreement = pick("Single_random_raters"),
       consistency = pick("Single_fixed_raters"))
}
# Shrout and Fleiss 1979, table 2
shrout <- matrix(c(9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7),
                 ncol = 4, byrow = TRUE)
set.seed(13)
three <- 0.8 + 0.05 * rnorm(25) + matrix(0.04 * rnorm(75), ncol = 3) +
  rep(c(0, 0.03, -0.06), each = 25)

# --- two correlations with a source in common ---

against_each_other <- lapply(
  list(c(0.4, 0.5, 0.1, 103),     # Steiger 1980
       c(0.6, 0.3, 0.5, 40), c(-0.2, 0.35, 0.4, 25), c(0.85, 0.8, 0.9, 12)),
  function(x) {
    found <- r.test(n = x[4], r12 = x[1], r13 = x[2], r23 = x[3])
    list(first = x[1], second = x[2], between = x[3], pairs = x[4],
         t = as.numeric(found$t), p = as.numeric(found$p))
  })

# --- weighted kappa ---

kappas <- lapply(
  list(unname(unclass(SexualFun)),
       matrix(c(13, 0, 0, 0, 20, 7, 0, 4, 56), ncol = 3, byrow = TRUE),
       matrix(c(4, 6, 0, 3, 110, 5, 1, 9, 2), ncol = 3, byrow = TRUE),
       matrix(c(0, 2, 0, 0, 80, 1, 0, 3, 0), ncol = 3, byrow = TRUE)),
  function(x) {
    x <- matrix(as.numeric(x), ncol = ncol(x))
    weights <- 1 - outer(1:ncol(x), 1:ncol(x), function(i, j) ((i - j) / (ncol(x) - 1))^2)
    list(table = x, vcd = as.numeric(Kappa(x, weights = "Fleiss-Cohen")$Weighted["value"]),
         psych = suppressWarnings(cohen.kappa(x, w = weights))$weighted.kappa)
  })

# --- ranks of several sources ---

ranked <- function(table) {
  found <- kendall.global(as.data.frame(table), nperm = 1)$Concordance_analysis
  list(values = unname(as.matrix(table)), w = found["W", 1], chi_square = found["Chi2", 1])
}
# Kendall's three tied rankings of ten (Siegel 1956, page 234)
kendall_tied <- cbind(c(1, 4.5, 2, 4.5, 3, 7.5, 6, 9, 7.5, 10),
                      c(2.5, 1, 2.5, 4.5, 4.5, 8, 9, 6.5, 10, 6.5),
                      c(2, 1, 4.5, 4.5, 4.5, 4.5, 8, 8, 8, 10))
# three executives and six applicants (Siegel 1956, page 230)
executives <- cbind(c(1, 6, 3, 2, 5, 4), c(1, 5, 6, 4, 2, 3), c(6, 3, 2, 5, 4, 1))
# rounding first base: 22 players, 3 ways (Hollander and Wolfe 1973, page 140)
rounding <- matrix(c(
  5.40, 5.50, 5.55, 5.85, 5.70, 5.75, 5.20, 5.60, 5.50, 5.55, 5.50, 5.40, 5.90, 5.85, 5.70,
  5.45, 5.55, 5.60, 5.40, 5.40, 5.35, 5.45, 5.50, 5.35, 5.25, 5.15, 5.00, 5.85, 5.80, 5.70,
  5.25, 5.20, 5.10, 5.65, 5.55, 5.45, 5.60, 5.35, 5.45, 5.05, 5.00, 4.95, 5.50, 5.50, 5.40,
  5.45, 5.55, 5.50, 5.55, 5.55, 5.35, 5.45, 5.50, 5.55, 5.50, 5.45, 5.25, 5.65, 5.60, 5.40,
  5.70, 5.65, 5.55, 6.30, 6.30, 6.25), ncol = 3, byrow = TRUE)
levels_of <- function(table) {
  found <- friedman.test(table)
  list(values = table, chi_square = as.numeric(found$statistic), p = found$p.value)
}

# --- chance: the exact null of Spearman's coefficient without ties, and the bootstrap ---

ten <- c(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
mixed <- c(3, 1, 4, 2, 9, 5, 7, 6, 10, 8)

# law school admissions, 15 of 82 (Efron and Tibshirani 1993, table 3.1)
school <- list(lsat = c(576, 635, 558, 578, 666, 580, 555, 661, 651, 605, 653, 575, 545, 572, 594),
               gpa = c(3.39, 3.30, 2.81, 3.03, 3.44, 3.07, 3.00, 3.43, 3.36, 3.13, 3.12, 2.74, 2.76,
                       2.88, 2.96))
resampled <- function(left, right, method, times) {
  set.seed(15)
  drawn <- boot(cbind(left, right), function(x, i) cor(x[i, 1], x[i, 2], method = method), times)
  found <- boot.ci(drawn, type = c("bca", "perc"))
  list(left = left, right = right, estimate = drawn$t0, bca = found$bca[4:5],
       percentile = found$percent[4:5])
}

cat(toJSON(list(
  made_with = paste0(R.version.string, paste0("; ", sapply(
    c("psych", "epiR", "vcd", "vegan", "boot"),
    function(one) paste(one, packageVersion(one))), collapse = "")),
  pairs = list(noisy = pair(few, more), opposed = pair(few, against), meters = pair(large, mini)),
  limits = list(meters = limits(large, mini), fanning = limits(level, fanning),
                wider = limits(level, wider), noisy = limits(few, more)),
  repeated = list(left = rv, right = ic, provider = subject, bias = repeated$est,
                  deviation = repeated$delta.sd, limits = c(repeated$lower, repeated$upper)),
  deming = list(even = deming(few, more, 1), survey = deming(few, more, 3),
                meters = deming(large, mini, 0.5), opposed = deming(few, against, 2)),
  icc = list(shrout = shares(shrout), three = shares(three), two = shares(cbind(few, more)),
             opposed = shares(cbind(few, against))),
  williams = against_each_other,
  kappas = kappas,
  w = list(tied = ranked(kendall_tied), executives = ranked(executives), three = ranked(three)),
  friedman = list(rounding = levels_of(rounding), three = levels_of(three)),
  exact = list(left = ten, right = mixed,
               p = cor.test(ten, mixed, method = "spearman", exact = TRUE)$p.value),
  school = resampled(school$lsat, school$gpa, "pearson", 20000),
  ranks = resampled(few, more, "spearman", 20000)
), auto_unbox = TRUE, digits = NA, pretty = FALSE), "\n")
