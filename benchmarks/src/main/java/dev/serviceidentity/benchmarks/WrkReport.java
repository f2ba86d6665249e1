// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What wrk has printed.
 *
 * @param rate requests a second
 * @param p99 in milliseconds
 * @param requests how many were answered
 */
record WrkReport(double rate, double p99, long requests) {
  private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
  private static final Pattern P99 = Pattern.compile("99%\\s+([0-9.]+)(us|ms|s)\\b");
  private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in ");

  /**
   * Reads the report of a run in which every request was answered by 200.
   *
   * @throws IllegalStateException if one was not
   */
  static WrkReport parse(String report) {
    if (report.contains("Non-2xx") || report.contains("Socket errors")) {
      throw new IllegalStateException("Every request is good:\n" + report);
    }
    Matcher p99 = found(P99, report);
    double unit =
        switch (p99.group(2)) {
          case "us" -> 0.001;
          case "ms" -> 1;
          default -> 1000;
        };
    return new WrkReport(
        Double.parseDouble(found(RATE, report).group(1)),
        Double.parseDouble(p99.group(1)) * unit,
        Long.parseLong(found(REQUESTS, report).group(1)));
  }

  private static Matcher found(Pattern pattern, String report) {
    Matcher matcher = pattern.matcher(report);
    if (!matcher.find()) {
      throw new IllegalStateException("wrk has not measured:\n" + report);
    }
    return matcher;
  }
}
