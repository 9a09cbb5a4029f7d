# Figures of R's survey package that tests/reference/test_calibration.py compares with: calibration.json, 17 digits.
#
#   Rscript tests/reference/calibration/calibration.R > tests/reference/calibration/calibration.json
#
# Made with R 4.2.2 and survey 4.1.1 (Debian). The answers are invented by the seed below: classes of respondents, each
# with its counts by merged cell; a person's auxiliary vector is the mean of the class.

suppressMessages(library(survey))
options(survey.lonely.psu = "fail")

# calibrate() takes a pseudo-inverse from MASS, which Debian's r-cran-survey does not bring along: the same by svd().
if (!requireNamespace("MASS", quietly = TRUE)) {
  pseudo_inverse <- function(m, tol) {
    s <- svd(m); kept <- s$d > tol * s$d[1]
    s$v[, kept, drop = FALSE] %*% (t(s$u[, kept, drop = FALSE]) / s$d[kept])
  }
  solver <- eval(parse(text = gsub("MASS::ginv", "pseudo_inverse", deparse(survey:::grake), fixed = TRUE)))
  environment(solver) <- list2env(list(pseudo_inverse = pseudo_inverse), parent = asNamespace("survey"))
  assignInNamespace("grake", solver, "survey")
}

set.seed(20261125)
strata <- 6; per <- 5; cells <- 4
clients <- c(120, 101, 260, 48, 95, 150)
stratum <- rep(seq_len(strata), each = per)
counts <- matrix(rpois(strata * per * cells, 2.6), ncol = cells)
counts[, 1] <- counts[, 1] + c(4, 0, 0, 0, 0); counts[, 2] <- counts[, 2] + c(0, 5, 0, 0, 0)
counts[, 3] <- counts[, 3] + c(0, 0, 6, 0, 0); counts[, 4] <- counts[, 4] + c(0, 0, 0, 3, 0)
n <- rowSums(counts)
clients[4] <- sum(n[stratum == 4])                                     # a census
person <- rep(seq_along(n), n)
y <- rbinom(length(person), 1, 0.55 + 0.08 * (stratum[person] %% 3))
y[runif(length(person)) < 0.12] <- NA                                  # outside the question
data <- data.frame(class = person, stratum = stratum[person], N = clients[stratum[person]], y = y,
                   answered = !is.na(y), a = (counts / n)[person, ])
data$y0 <- ifelse(data$answered, data$y, 0)
frame <- svydesign(~1, strata = ~stratum, fpc = ~N, data = data)

figures <- function(margin, bounds) {
  formula <- ~ 0 + factor(stratum) + a.1 + a.2 + a.3
  made <- calibrate(frame, formula, c(clients, margin[1:3]), bounds = bounds, calfun = "linear", epsilon = 1e-13,
                    maxit = 500)
  factor <- tapply(weights(made) / weights(frame), data$class, mean)
  share <- function(design) {
    found <- svyratio(~y0, ~answered, design); list(share = unname(coef(found)), se = unname(SE(found))[1])
  }
  list(margin = margin, bounds = bounds, factor = unname(factor), city = share(made),
       district = share(subset(made, stratum <= 3)))
}

base <- colSums(counts * as.vector(clients[stratum] / as.vector(tapply(n, stratum, sum))[stratum]))
shift <- function(by) { m <- base * by; round(m * sum(clients) / sum(m), 3) }
text <- function(x) {
  if (is.list(x)) {
    keys <- if (is.null(names(x))) "" else paste0('"', names(x), '": ')
    ends <- if (is.null(names(x))) c("[", "]") else c("{", "}")
    return(paste0(ends[1], paste0(keys, vapply(x, text, ""), collapse = ", "), ends[2]))
  }
  numbers <- format(x, digits = 17, trim = TRUE)
  if (length(x) == 1) numbers else paste0("[", paste0(numbers, collapse = ", "), "]")
}
by_class <- function(v) unname(tapply(v, data$class, sum))
cat(text(list(
  classes = list(stratum = stratum - 1, counts = unname(lapply(seq_len(nrow(counts)), function(i) counts[i, ])),
                 answered = by_class(data$answered), positive = by_class(data$y0)),
  clients = clients,
  cases = list(figures(shift(c(1.1, 0.92, 1, 1)), c(0.3, 3)), figures(shift(c(0.75, 1.2, 1.15, 0.9)), c(0.3, 3)),
               figures(shift(c(1.1, 0.92, 1, 1)), c(0.7, 1.35)))
)), "\n")
