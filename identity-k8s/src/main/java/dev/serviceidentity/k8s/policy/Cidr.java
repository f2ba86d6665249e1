// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.Objects;
import java.util.Optional;

/**
 * A block of addresses of one family. Host bits of the address are kept for showing and ignored for
 * matching.
 *
 * @param address any address of the block
 * @param prefixLength how many leading bits all its addresses share
 */
public record Cidr(IpAddress address, int prefixLength) {
  /**
   * Checks the prefix.
   *
   * @param address any address of the block
   * @param prefixLength how many leading bits count
   * @throws IllegalArgumentException if the family has fewer bits
   */
  public Cidr {
    Objects.requireNonNull(address, "address");
    if (prefixLength < 0 || prefixLength > address.family().bits()) {
      throw new IllegalArgumentException(
          "A prefix length is 0 to " + address.family().bits() + ", not " + prefixLength);
    }
  }

  /**
   * Reads {@code address/prefix}.
   *
   * @param text for example {@code 10.0.0.0/8}
   * @return the block
   * @throws IllegalArgumentException if the text is not of that form, or the address is an
   *     IPv4-mapped one, of which nobody can tell which family is meant
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    String prefix = text.substring(slash + 1);
    if (slash < 0 || !prefix.matches("0|[1-9][0-9]{0,2}")) {
      throw new IllegalArgumentException(
          Quote.of(text) + " is no CIDR block; write for example 10.0.0.0/8");
    }
    String literal = text.substring(0, slash);
    IpAddress address = IpAddress.parse(literal);
    if (address.family() == IpAddress.Family.IPV4 && literal.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          Quote.of(text) + " is IPv4-mapped; write the IPv4 block itself");
    }
    int length = Integer.parseInt(prefix);
    if (length > address.family().bits()) {
      throw new IllegalArgumentException(
          Quote.of(text) + ": write a prefix length from 0 to " + address.family().bits());
    }
    return new Cidr(address, length);
  }

  /**
   * Tells whether an address lies in the block.
   *
   * @param other any address
   * @return false for the other family
   */
  public boolean contains(IpAddress other) {
    if (other.family() != address.family()) {
      return false;
    }
    int offset = 128 - address.family().bits();
    int bits = prefixLength + offset;
    return sharesBits(address.high(), other.high(), Math.min(bits, 64))
        && sharesBits(address.low(), other.low(), Math.max(bits - 64, 0));
  }

  /**
   * Tells whether this block is a real part of another.
   *
   * @param outer the other block
   * @return true if it is smaller and lies inside
   */
  public boolean isStrictlyWithin(Cidr outer) {
    return prefixLength > outer.prefixLength && outer.contains(address);
  }

  /** Whether an address of which nothing is known but that it is in this block is in another. */
  Ternary isIn(Cidr other) {
    if (prefixLength >= other.prefixLength && other.contains(address)) {
      return Ternary.YES;
    }
    return contains(other.address) ? Ternary.UNKNOWN : Ternary.NO;
  }

  /**
   * The same block with its first address.
   *
   * @return this block if it has no host bits
   */
  public Cidr masked() {
    int bits = prefixLength + 128 - address.family().bits();
    long high = address.high() & mask(Math.min(bits, 64));
    long low = address.low() & mask(Math.max(bits - 64, 0));
    IpAddress first =
        address.family() == IpAddress.Family.IPV4
            ? IpAddress.ofV4(low)
            : new IpAddress(IpAddress.Family.IPV6, high, low);
    return new Cidr(first, prefixLength);
  }

  /** The first address behind the block; none if it is the last of its family. */
  Optional<IpAddress> behind() {
    int hostBits = address.family().bits() - prefixLength;
    IpAddress first = masked().address();
    if (address.family() == IpAddress.Family.IPV4) {
      long next = first.low() + (1L << hostBits);
      return next >>> 32 == 0 ? Optional.of(IpAddress.ofV4(next)) : Optional.empty();
    }
    long low = hostBits < 64 ? first.low() + (1L << hostBits) : 0;
    long high = first.high() + carry(low, hostBits);
    return high == 0 && low == 0 ? Optional.empty() : Optional.of(IpAddress.ofV6(high, low));
  }

  private static long carry(long low, int hostBits) {
    if (hostBits < 64) {
      return low == 0 ? 1 : 0;
    }
    return hostBits < 128 ? 1L << (hostBits - 64) : 0;
  }

  private static boolean sharesBits(long one, long other, int bits) {
    return ((one ^ other) & mask(bits)) == 0;
  }

  private static long mask(int bits) {
    return bits == 0 ? 0 : -1L << (64 - bits);
  }

  /** Returns for example {@code 10.0.0.0/8}. */
  @Override
  public String toString() {
    return address + "/" + prefixLength;
  }
}
