// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.k8s.policy.IpAddress;
import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How a person names an end of a flow. */
sealed interface Reference {
  String EXTERNAL = "external";

  /** A pod or workload. */
  record Named(String namespace, String name) implements Reference {
    @Override
    public String toString() {
      return namespace + "/" + name;
    }
  }

  /** A workload, or a pod, of one kind. */
  record OfKind(String namespace, String kind, String name) implements Reference {
    @Override
    public String toString() {
      return namespace + "/" + kind + "/" + name;
    }
  }

  /** An address, whoever owns it. */
  record Address(IpAddress address) implements Reference {
    @Override
    public String toString() {
      return address.toString();
    }
  }

  /** Every public address outside the cluster. */
  record External() implements Reference {
    @Override
    public String toString() {
      return EXTERNAL;
    }
  }

  static Reference parse(String text) {
    String[] parts = text.split("/", -1);
    boolean blank = Arrays.stream(parts).anyMatch(String::isBlank);
    if (!blank && parts.length == 2) {
      return new Named(parts[0], parts[1]);
    }
    if (!blank && parts.length == 3) {
      return new OfKind(parts[0], parts[1], parts[2]);
    }
    if (text.equals(EXTERNAL)) {
      return new External();
    }
    try {
      return new Address(IpAddress.parse(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' names nothing; write namespace/name, namespace/Kind/name, an address or external",
          e);
    }
  }

  /** Reads a reference of the command line. */
  final class Converter implements ITypeConverter<Reference> {
    @Override
    public Reference convert(String value) {
      try {
        return parse(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }
}
