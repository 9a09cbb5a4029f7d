# Reference figures for enkat/statistics/intervals and comparisons, from R and its package survey.
#
# Remake:  Rscript tests/reference/r/intervals.R > tests/reference/r/intervals.json
# Made with R 4.2.2 and survey 4.1.1 (Debian's r-base-core and r-cran-survey). `survey` 4.1.1 has no Wilson interval:
# "wilson_survey" is the formula of 4.5 (n_eff = p(1-p)/v, the t quantile, no other factor) written out here. Wilson's
# interval with finite population is found as the roots of the score test, not by a formula.

suppressMessages(library(survey))

number <- function(x) ifelse(is.na(x), "null", sprintf("%.17g", x))
row <- function(.kind, ...) {
  values <- list(...)
  fields <- mapply(function(name, x) sprintf('"%s": %s', name, if (is.character(x)) sprintf('"%s"', x) else number(x)),
                   names(values), values)
  sprintf('{"kind": "%s", %s}', .kind, paste(fields, collapse = ", "))
}
rows <- character(0)
put <- function(...) rows <<- c(rows, row(...))

counted <- list(c(0, 1), c(1, 1), c(0, 7), c(1, 7), c(5, 7), c(7, 7), c(17, 18), c(38, 42), c(42, 42), c(150, 300),
                c(3, 2000), c(1999, 2000))
for (level in c(0.90, 0.95, 0.99)) for (case in counted) {
  k <- case[1]; n <- case[2]; a <- (1 - level) / 2; z <- qnorm(1 - a)
  exact <- binom.test(k, n, conf.level = level)$conf.int
  put("clopper_pearson", k = k, n = n, level = level, lo = exact[1], hi = exact[2])
  score <- suppressWarnings(prop.test(k, n, conf.level = level, correct = FALSE))$conf.int
  put("wilson", k = k, n = n, level = level, lo = score[1], hi = score[2])
  put("jeffreys", k = k, n = n, level = level,
      lo = if (k == 0) 0 else qbeta(a, k + .5, n - k + .5), hi = if (k == n) 1 else qbeta(1 - a, k + .5, n - k + .5))
  p <- (k + z^2 / 2) / (n + z^2); half <- z * sqrt(p * (1 - p) / (n + z^2))
  put("agresti_coull", k = k, n = n, level = level, lo = max(0, p - half), hi = min(1, p + half))
}

finite <- list(c(0, 4, 12), c(4, 4, 12), c(7, 10, 18), c(38, 42, 70), c(42, 42, 70), c(1, 1, 9), c(69, 70, 71),
               c(250, 300, 1300), c(17, 2500, 4000), c(12, 40, 100000))
for (level in c(0.90, 0.95, 0.99)) for (case in finite) {
  k <- case[1]; n <- case[2]; N <- case[3]; a <- (1 - level) / 2; M <- k:(N - (n - k))
  above <- phyper(k - 1, M, N - M, n, lower.tail = FALSE); below <- phyper(k, M, N - M, n); at <- dhyper(k, M, N - M, n)
  keep <- M[above > a & below > a]
  put("hypergeometric", k = k, n = n, population = N, level = level, lo = min(keep) / N, hi = max(keep) / N)
  keep <- M[above - at / 2 > a & below - at / 2 > a]
  put("mid_p", k = k, n = n, population = N, level = level, lo = min(keep) / N, hi = max(keep) / N)
  z <- qnorm(1 - a); share <- k / n
  score <- function(p) (share - p)^2 - z^2 * p * (1 - p) / n * (N - n) / (N - 1)
  root <- function(from, to) uniroot(score, c(from, to), tol = 1e-15, maxiter = 10000)$root
  put("wilson_finite", k = k, n = n, population = N, level = level,
      lo = if (k == 0) 0 else root(0, min(share, 1 - 1e-9)), hi = if (k == n) 1 else root(max(share, 1e-9), 1))
}

# Five strata of clients, some answers missing: the domain of those who answered, as svymean(na.rm = TRUE) has it.
strata <- data.frame(size = c(40, 12, 300, 65, 9), r = c(10, 8, 94, 31, 5), yes = c(7, 5, 60, 28, 1), no = c(2, 2, 25, 2, 3))
people <- do.call(rbind, lapply(seq_len(nrow(strata)), function(h) with(strata[h, ], data.frame(
  stratum = h, size = size, y = c(rep(1, yes), rep(0, no), rep(NA, r - yes - no))))))
people$part <- rep_len(1:3, nrow(people))
designs <- list(
  fpc = svydesign(~1, strata = ~stratum, fpc = ~size, data = people),
  none = svydesign(~1, strata = ~stratum, weights = ~I(size / ave(size, stratum, FUN = length)), data = people))
for (name in names(designs)) for (part in list(1:3, 1, 2, 3, c(1, 3))) for (level in c(0.90, 0.95, 0.99)) {
  d <- designs[[name]][designs[[name]]$variables$part %in% part & !is.na(designs[[name]]$variables$y), ]
  m <- svymean(~y, d); p <- coef(m)[[1]]; v <- vcov(m)[[1]]; df <- degf(d); n <- nrow(d)
  # svyciprop's own row count: rows of the design that the domain keeps.
  ends <- list()
  for (method in c("beta", "xlogit", "mean", "logit")) ends[[method]] <- attr(svyciprop(~y, d, method = method, level = level), "ci")
  t <- qt(1 - (1 - level) / 2, df); e <- p * (1 - p) / v
  half <- t / (1 + t^2 / e) * sqrt(p * (1 - p) / e + t^2 / (4 * e^2)); centre <- (p + t^2 / (2 * e)) / (1 + t^2 / e)
  ends[["wilson_survey"]] <- c(centre - half, centre + half)
  names(ends)[c(2, 4)] <- c("logit", "logit_glm")
  for (kind in names(ends))
    put(kind, design = name, part = paste(part, collapse = ","), share = p, variance = v, n = n, df = df, level = level,
        lo = ends[[kind]][[1]], hi = ends[[kind]][[2]])
}

pairs <- list(c(38, 42, 700, 1000), c(7, 7, 90, 120), c(0, 9, 3, 40), c(5, 5, 8, 8), c(20, 21, 480, 480), c(1, 1, 0, 1),
              c(30, 60, 40, 60), c(61, 80, 55, 80), c(9, 10, 3, 10), c(812, 1000, 1593, 2000))
for (case in pairs) {
  k <- case[1]; n <- case[2]; x <- case[3]; m <- case[4]
  one <- suppressWarnings(prop.test(k, n, correct = FALSE))$conf.int; two <- suppressWarnings(prop.test(x, m, correct = FALSE))$conf.int
  p <- k / n; q <- x / m
  put("mover", k = k, n = n, other_k = x, other_n = m,
      lo = p - q - sqrt((p - one[1])^2 + (two[2] - q)^2), hi = p - q + sqrt((one[2] - p)^2 + (q - two[1])^2))
  table <- matrix(c(k, n - k, x, m - x), 2)
  tails <- sapply(c("less", "greater"), function(side) fisher.test(table, alternative = side)$p.value)
  put("fisher", k = k, n = n, other_k = x, other_n = m, p = min(1, 2 * min(tails)))
  tails <- sapply(c("less", "greater"), function(side) binom.test(k, n, q, alternative = side)$p.value)
  put("binomial", k = k, n = n, share = q, p = min(1, 2 * min(tails)))
}

p <- c(0.01, 0.02, 0.03, 0.04, 0.05, 1e-9, 0.9, 0.5, 0.02, 0.0004)
for (size in c(10, 14, 1320)) for (method in c("BH", "holm")) {
  found <- p.adjust(p, method, n = size)
  for (at in seq_along(p)) put("adjusted", method = method, size = size, at = at - 1, p = p[at], adjusted = found[at])
}

cat("[\n", paste(rows, collapse = ",\n"), "\n]\n", sep = "")
