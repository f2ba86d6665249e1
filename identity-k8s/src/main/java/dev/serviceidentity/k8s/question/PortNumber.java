// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.question;

import dev.serviceidentity.network.Flow.Protocol;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One port of the accepting pods.
 *
 * @param number 1 to {@value #HIGHEST}
 * @param protocol its protocol
 */
public record PortNumber(int number, Protocol protocol) {
  /** The highest port that there is. */
  public static final int HIGHEST = 65535;

  private static final Pattern TEXT = Pattern.compile("([0-9]{1,5})(?:/([A-Za-z]+))?");

  /**
   * Checks the number.
   *
   * @param number 1 to {@value #HIGHEST}
   * @param protocol its protocol
   * @throws IllegalArgumentException if there is no such port
   */
  public PortNumber {
    Objects.requireNonNull(protocol, "protocol");
    check(number);
  }

  private static void check(long number) {
    if (number < 1 || number > HIGHEST) {
      throw new IllegalArgumentException("a port is 1 to " + HIGHEST + ", not " + number);
    }
  }

  /**
   * Reads what a person writes.
   *
   * @param text {@code 8080}, which is TCP, or {@code 53/UDP}
   * @return the port
   * @throws IllegalArgumentException if the text is no port
   */
  public static PortNumber parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + text + "' is no port; write 8080 or 53/UDP");
    }
    String protocol = matcher.group(2);
    return of(Long.parseLong(matcher.group(1)), protocol == null ? "TCP" : protocol);
  }

  /**
   * A port as a file or a person gives it.
   *
   * @param number any number
   * @param protocol the protocol's name in any letter case
   * @return the port
   * @throws IllegalArgumentException if there is no such port or protocol
   */
  public static PortNumber of(long number, String protocol) {
    check(number);
    return switch (protocol.toUpperCase(Locale.ROOT)) {
      case "TCP" -> new PortNumber((int) number, Protocol.TCP);
      case "UDP" -> new PortNumber((int) number, Protocol.UDP);
      case "SCTP" -> new PortNumber((int) number, Protocol.SCTP);
      default ->
          throw new IllegalArgumentException(
              "a protocol is TCP, UDP or SCTP, not '" + protocol + "'");
    };
  }

  /** Returns for example {@code 8080/TCP}. */
  @Override
  public String toString() {
    return number + "/" + protocol;
  }
}
