// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.network.Flow.Protocol;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** One port of the accepting pod. */
record PortNumber(int number, Protocol protocol) {
  static final int HIGHEST = 65535;
  private static final Pattern TEXT = Pattern.compile("([0-9]{1,5})(?:/([A-Za-z]+))?");

  /** Reads {@code 8080} or {@code 8080/TCP}. */
  static PortNumber parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + text + "' is no port; write 8080 or 53/UDP");
    }
    String protocol = matcher.group(2);
    return of(Long.parseLong(matcher.group(1)), protocol == null ? "TCP" : protocol);
  }

  static PortNumber of(long number, String protocol) {
    if (number < 1 || number > HIGHEST) {
      throw new IllegalArgumentException("a port is 1 to " + HIGHEST + ", not " + number);
    }
    return switch (protocol.toUpperCase(Locale.ROOT)) {
      case "TCP" -> new PortNumber((int) number, Protocol.TCP);
      case "UDP" -> new PortNumber((int) number, Protocol.UDP);
      case "SCTP" -> new PortNumber((int) number, Protocol.SCTP);
      default ->
          throw new IllegalArgumentException(
              "a protocol is TCP, UDP or SCTP, not '" + protocol + "'");
    };
  }

  @Override
  public String toString() {
    return number + "/" + protocol;
  }

  /** Reads a port of the command line. */
  static final class Converter implements ITypeConverter<PortNumber> {
    @Override
    public PortNumber convert(String value) {
      try {
        return parse(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }
}
