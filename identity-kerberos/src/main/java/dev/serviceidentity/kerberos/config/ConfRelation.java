// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.config;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.spi.ForeignText;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A line {@code name = value} of a krb5.conf. What is wrong with the value of a setting that is
 * used is an {@link IdentityException}.
 *
 * @param name without the mark of finality
 * @param value without quotes
 * @param place where it stands
 */
record ConfRelation(String name, String value, ConfPlace place) {
  private static final Pattern TRUE = Pattern.compile("(?i)y|yes|true|t|1|on");
  private static final Pattern FALSE = Pattern.compile("(?i)n|no|false|nil|0|off");
  private static final int LONGEST_REALM = 255;

  /** The words that MIT's library knows. */
  boolean bool() {
    if (TRUE.matcher(value).matches()) {
      return true;
    }
    if (FALSE.matcher(value).matches()) {
      return false;
    }
    throw wrong("is neither true nor false", "Write one of the two");
  }

  /** A duration as MIT's library reads it: {@code 36000}, {@code 10h}, {@code 1d12h}, ... */
  Duration duration() {
    return ConfDuration.parse(value)
        .orElseThrow(
            () ->
                wrong(
                    "is not a duration",
                    "Write seconds, or for example 10h, 1d12h, 30m, 10:00 or 10:00:00"));
  }

  /** A duration of at least a second. */
  Duration lifetime() {
    Duration life = duration();
    if (life.isZero()) {
      throw wrong("is no life", "Take the line away for the KDC's own");
    }
    return life;
  }

  /**
   * How long to wait for a KDC. A number alone is milliseconds, as it is for the JDK; whoever
   * writes a small one means seconds.
   */
  Duration timeout() {
    boolean millis = value.matches("[0-9]{1,9}");
    Duration limit = millis ? Duration.ofMillis(Long.parseLong(value)) : duration();
    if (limit.toMillis() < 100 || limit.toHours() >= 1) {
      throw wrong(
          "is not between 100 milliseconds and an hour",
          "A number alone is milliseconds, as it is for the JDK: write 3s for three seconds");
    }
    return limit;
  }

  String realm() {
    return realm(value);
  }

  /** The value as one or more realms between blanks. */
  String[] realms() {
    String[] all = value.split("\\s+");
    for (String one : all) {
      realm(one);
    }
    return all;
  }

  private String realm(String text) {
    boolean visible = text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    if (text.isEmpty() || text.length() > LONGEST_REALM || !visible || text.contains("/")) {
      throw wrong("is not a realm", "Comments and other words stand on lines of their own");
    }
    return text;
  }

  KdcAddress kdc() {
    try {
      return KdcAddress.parse(value);
    } catch (IllegalArgumentException notOne) {
      throw wrong(
          "is not a KDC (" + notOne.getMessage() + ")",
          "Write host or host:port, an IPv6 address in brackets, and nothing behind it");
    }
  }

  IdentityException wrong(String what, String cure) {
    return place.wrong(this + " " + what, cure + ".");
  }

  String lowerCaseName() {
    return name.toLowerCase(Locale.ROOT);
  }

  /** Returns the line, fit for messages. */
  @Override
  public String toString() {
    return ForeignText.quote(name + " = " + value);
  }
}
