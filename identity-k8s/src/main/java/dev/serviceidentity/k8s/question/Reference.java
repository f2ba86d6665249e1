// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.question;

import dev.serviceidentity.k8s.policy.IpAddress;
import java.util.Arrays;
import java.util.Objects;

/** How a person names an end of a flow. */
public sealed interface Reference {
  /** The name of every public address outside the cluster. */
  String EXTERNAL = "external";

  /**
   * A pod or workload.
   *
   * @param namespace its namespace
   * @param name its name
   */
  record Named(String namespace, String name) implements Reference {
    /**
     * Checks that nothing is missing.
     *
     * @param namespace its namespace
     * @param name its name
     */
    public Named {
      Objects.requireNonNull(namespace, "namespace");
      Objects.requireNonNull(name, "name");
    }

    /** Returns {@code namespace/name}. */
    @Override
    public String toString() {
      return namespace + "/" + name;
    }
  }

  /**
   * A workload, or a pod, of one kind.
   *
   * @param namespace its namespace
   * @param kind its kind
   * @param name its name
   */
  record OfKind(String namespace, String kind, String name) implements Reference {
    /**
     * Checks that nothing is missing.
     *
     * @param namespace its namespace
     * @param kind its kind
     * @param name its name
     */
    public OfKind {
      Objects.requireNonNull(namespace, "namespace");
      Objects.requireNonNull(kind, "kind");
      Objects.requireNonNull(name, "name");
    }

    /** Returns {@code namespace/Kind/name}. */
    @Override
    public String toString() {
      return namespace + "/" + kind + "/" + name;
    }
  }

  /**
   * An address, whoever owns it.
   *
   * @param address IPv4 or IPv6
   */
  record Address(IpAddress address) implements Reference {
    /**
     * Checks that it is there.
     *
     * @param address IPv4 or IPv6
     */
    public Address {
      Objects.requireNonNull(address, "address");
    }

    /** Returns the usual text of the address. */
    @Override
    public String toString() {
      return address.toString();
    }
  }

  /** Every public address outside the cluster. */
  record External() implements Reference {
    /** Returns {@link Reference#EXTERNAL}. */
    @Override
    public String toString() {
      return EXTERNAL;
    }
  }

  /**
   * Reads what a person writes.
   *
   * @param text {@code namespace/name}, {@code namespace/Kind/name}, an address, or {@code
   *     external} in any letter case
   * @return the reference; whether anybody is there is not looked up
   * @throws IllegalArgumentException if the text is none of these
   */
  static Reference parse(String text) {
    String[] parts = text.split("/", -1);
    boolean blank = Arrays.stream(parts).anyMatch(String::isBlank);
    if (parts.length == 2 && isAddress(parts[0])) {
      throw new IllegalArgumentException(
          "'" + text + "' is a block of addresses; ask about one address of it");
    }
    if (!blank && parts.length == 2) {
      return new Named(parts[0], parts[1]);
    }
    if (!blank && parts.length == 3) {
      return new OfKind(parts[0], parts[1], parts[2]);
    }
    if (text.equalsIgnoreCase(EXTERNAL)) {
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

  private static boolean isAddress(String text) {
    try {
      IpAddress.parse(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
