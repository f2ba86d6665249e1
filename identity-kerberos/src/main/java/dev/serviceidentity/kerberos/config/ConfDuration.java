// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.config;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The forms in which MIT's library reads durations. */
final class ConfDuration {
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,10}");
  private static final Pattern UNITS =
      Pattern.compile(
          "(?:([0-9]{1,5})d\\s*)?(?:([0-9]{1,7})h\\s*)?(?:([0-9]{1,8})m\\s*)?(?:([0-9]{1,10})s)?");
  private static final Pattern CLOCK =
      Pattern.compile("(?:([0-9]{1,5})-)?([0-9]{1,6}):([0-5]?[0-9])(?::([0-5]?[0-9]))?");

  private ConfDuration() {}

  /** Returns empty if the text is none of them. */
  static Optional<Duration> parse(String text) {
    if (SECONDS.matcher(text).matches()) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    }
    Matcher clock = CLOCK.matcher(text);
    if (clock.matches()) {
      return Optional.of(sum(clock));
    }
    Matcher units = UNITS.matcher(text);
    return text.isEmpty() || !units.matches() ? Optional.empty() : Optional.of(sum(units));
  }

  /** Groups one to four are days, hours, minutes and seconds. */
  private static Duration sum(Matcher matcher) {
    return Duration.ofDays(number(matcher, 1))
        .plusHours(number(matcher, 2))
        .plusMinutes(number(matcher, 3))
        .plusSeconds(number(matcher, 4));
  }

  private static long number(Matcher matcher, int group) {
    String digits = matcher.group(group);
    return digits == null ? 0 : Long.parseLong(digits);
  }
}
