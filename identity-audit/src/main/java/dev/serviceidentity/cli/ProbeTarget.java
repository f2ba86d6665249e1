// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.k8s.question.PortNumber;
import dev.serviceidentity.network.Flow.Protocol;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A pod and a port that a person wants tried. */
record ProbeTarget(String pod, int port) {
  private static final Pattern TEXT = Pattern.compile("(?<pod>[^/:]+/[^/:]+):(?<port>[0-9]{1,5})");

  /** Reads one of the command line. */
  static final class Converter implements ITypeConverter<ProbeTarget> {
    @Override
    public ProbeTarget convert(String value) {
      Matcher text = TEXT.matcher(value);
      if (!text.matches()) {
        throw new TypeConversionException(
            "'" + value + "' is no target; write NAMESPACE/POD:PORT, such as shop/orders-0:8443");
      }
      try {
        var port = PortNumber.of(Long.parseLong(text.group("port")), Protocol.TCP.name());
        return new ProbeTarget(text.group("pod"), port.number());
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }
}
