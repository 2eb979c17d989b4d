# Stratified two-by-two tables, by R, metafor and epiR. Run: Rscript case_mix.R > case_mix.json
# Each table gives counts by stratum: positive and not on the left, positive and not on the right.
suppressMessages({
  library(metafor)
  library(epiR)
  library(jsonlite)
})

ucb <- datasets::UCBAdmissions # Bickel and others 1975, the six largest departments
tables <- list(
  berkeley = list(
    names = dimnames(ucb)$Dept,
    a = ucb["Admitted", "Male", ], b = ucb["Rejected", "Male", ],
    c = ucb["Admitted", "Female", ], d = ucb["Rejected", "Female", ]
  ),
  # Charig and others 1986: open surgery and percutaneous nephrolithotomy, stones under and over 2 cm
  kidney_stones = list(
    names = c("small", "large"),
    a = c(81, 192), b = c(6, 71), c = c(234, 55), d = c(36, 25)
  ),
  # SAS/STAT, PROC FREQ, Cochran-Mantel-Haenszel statistics: migraine, active and placebo
  migraine = list(
    names = c("female", "male"),
    a = c(16, 12), b = c(11, 16), c = c(5, 7), d = c(20, 19)
  ),
  # Breslow and Day 1980, table 4.1: oesophageal cancer, 80 g alcohol a day or more; ages 25 to 75+
  oesophagus = list(
    names = c("25-34", "35-44", "45-54", "55-64", "65-74", "75+"),
    a = c(1, 4, 25, 42, 19, 5), b = c(9, 26, 29, 27, 18, 0),
    c = c(0, 5, 21, 34, 36, 8), d = c(106, 164, 138, 139, 88, 31)
  ),
  # made up: zero cells in three strata
  sparse = list(
    names = c("w", "x", "y", "z"),
    a = c(0, 3, 7, 2), b = c(4, 5, 3, 0), c = c(2, 0, 9, 5), d = c(6, 8, 11, 3)
  )
)

work <- function(t) {
  a <- as.numeric(t$a); b <- as.numeric(t$b); c <- as.numeric(t$c); d <- as.numeric(t$d)
  k <- length(a)
  cube <- array(rbind(a, c, b, d), dim = c(2, 2, k)) # rows left and right, columns positive and not
  mh <- mantelhaen.test(cube, correct = FALSE)
  pooled <- rma.mh(measure = "OR", ai = a, bi = b, ci = c, di = d, correct = FALSE)
  each <- escalc(measure = "OR", ai = a, bi = b, ci = c, di = d, add = 1 / 2, to = "only0")
  each_ci <- summary(each)
  mix <- (a + b + c + d) / sum(a + b + c + d)

  # The standardised proportion: epi.directadj, with the pooled mix as its standard population.
  standard <- function(x, n) {
    std <- matrix(mix, nrow = 1, dimnames = list("", t$names))
    obs <- matrix(x, nrow = 1, dimnames = list("one", t$names))
    tar <- matrix(n, nrow = 1, dimnames = list("one", t$names))
    epi.directadj(obs, tar, std)$adj.strata$est
  }
  # Its variance: a binomial model with one proportion a stratum and identity link, counts smoothed
  # by a half, weighted by the mix; the model's n + 1 answers count as n.
  variance <- function(x, n) {
    p <- (x + 0.5) / (n + 1)
    stratum <- factor(seq_along(x))
    if (length(x) > 1) {
      fit <- suppressWarnings(glm(p ~ 0 + stratum, family = binomial(link = "identity"),
        weights = n + 1, start = p))
      v <- vcov(fit) * outer(sqrt((n + 1) / n), sqrt((n + 1) / n))
    }
    as.numeric(mix %*% v %*% mix)
  }
  list(
    names = t$names, a = a, b = b, c = c, d = d,
    ratio = unname(mh$estimate), low = mh$conf.int[1], high = mh$conf.int[2],
    chi_square = unname(mh$statistic), p_value = mh$p.value,
    metafor = list(
      ratio = exp(as.numeric(pooled$beta)), low = exp(pooled$ci.lb), high = exp(pooled$ci.ub),
      chi_square = pooled$MH, p_value = pooled$MHp,
      breslow_day = pooled$BD, breslow_day_p = pooled$BDp, tarone = pooled$TA, tarone_p = pooled$TAp
    ),
    strata = list(ratio = exp(as.numeric(each$yi)), low = exp(each_ci$ci.lb), high = exp(each_ci$ci.ub)),
    mix = mix,
    left = list(value = standard(a, a + b), variance = variance(a, a + b)),
    right = list(value = standard(c, c + d), variance = variance(c, c + d))
  )
}

result <- list(
  versions = list(R = paste(R.version$major, R.version$minor, sep = "."),
    metafor = as.character(packageVersion("metafor")), epiR = as.character(packageVersion("epiR"))),
  tables = lapply(tables, work)
)
cat(toJSON(result, digits = I(15), auto_unbox = TRUE, pretty = TRUE, null = "null"), "\n")
