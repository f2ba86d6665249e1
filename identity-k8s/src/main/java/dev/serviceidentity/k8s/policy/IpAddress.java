// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * An IPv4 or IPv6 address as bits, without zone and without any look-up.
 *
 * <p>An IPv4-mapped address ({@code ::ffff:192.0.2.1}, RFC 4291 section 2.5.5.2) is the IPv4
 * address, so that a connection counts the same however the socket shows it. Immutable.
 *
 * @param family which of the two
 * @param high the upper 64 bits of an IPv6 address, 0 for IPv4
 * @param low the lower 64 bits of an IPv6 address, or the 32 bits of an IPv4 address
 */
public record IpAddress(Family family, long high, long low) {
  private static final long IPV4_BITS = 0xffff_ffffL;
  private static final long MAPPED = 0xffffL;

  /** The two address families. They never match each other. */
  public enum Family {
    /** RFC 791. */
    IPV4("IPv4", 32),
    /** RFC 8200. */
    IPV6("IPv6", 128);

    private final String text;
    private final int bits;

    Family(String text, int bits) {
      this.text = text;
      this.bits = bits;
    }

    int bits() {
      return bits;
    }

    /** Returns the family as people write it. */
    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * Checks that the bits fit the family.
   *
   * @param family which of the two
   * @param high the upper 64 bits
   * @param low the lower 64 bits
   * @throws IllegalArgumentException if an IPv4 address has more than 32 bits, or an IPv6 address
   *     is a mapped one
   */
  public IpAddress {
    if (family == Family.IPV4 && (high != 0 || (low & ~IPV4_BITS) != 0)) {
      throw new IllegalArgumentException("An IPv4 address has 32 bits");
    }
    if (family == Family.IPV6 && isMapped(high, low)) {
      throw new IllegalArgumentException("An IPv4-mapped address is an IPv4 address");
    }
  }

  /**
   * Reads the usual text of an address: four decimal numbers without leading zeros, or RFC 4291
   * section 2.2.
   *
   * @param text for example {@code 192.0.2.1} or {@code 2001:db8::1}
   * @return the address
   * @throws IllegalArgumentException if the text is no such literal; a zone is not accepted
   */
  public static IpAddress parse(String text) {
    return IpText.parse(text);
  }

  /**
   * The address of a socket. A zone is left out.
   *
   * @param address IPv4 or IPv6
   * @return the same bits
   */
  public static IpAddress of(InetAddress address) {
    ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
    return bytes.remaining() == Integer.BYTES
        ? ofV4(Integer.toUnsignedLong(bytes.getInt()))
        : ofV6(bytes.getLong(), bytes.getLong());
  }

  /**
   * The same address for the JDK; nothing is looked up.
   *
   * @return the same bits
   */
  public InetAddress toInetAddress() {
    ByteBuffer bits =
        family == Family.IPV4
            ? ByteBuffer.allocate(Integer.BYTES).putInt((int) low)
            : ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low);
    try {
      return InetAddress.getByAddress(bits.array());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("Four or sixteen bytes are an address", e);
    }
  }

  static IpAddress ofV4(long bits) {
    return new IpAddress(Family.IPV4, 0, bits);
  }

  static IpAddress ofV6(long high, long low) {
    return isMapped(high, low) ? ofV4(low & IPV4_BITS) : new IpAddress(Family.IPV6, high, low);
  }

  /**
   * Tells whether the address is the host's own, {@code 127.0.0.0/8} or {@code ::1}.
   *
   * @return true for loopback
   */
  public boolean isLoopback() {
    return family == Family.IPV4 ? low >>> 24 == 127 : high == 0 && low == 1;
  }

  /**
   * Tells whether the address means nothing beyond one host or link: loopback, link-local, or
   * unspecified. Such an address is never one of the world outside.
   *
   * @return true if the same address is somebody else's elsewhere
   */
  public boolean isHostLocal() {
    return isHostLocal(high, Blocks.orderedLow(this));
  }

  /** The same of an address whose IPv4 form is written as IPv4-mapped. */
  static boolean isHostLocal(long high, long orderedLow) {
    if (high != 0) {
      return high >>> 54 == 0x3fa;
    }
    long v4 = orderedLow & IPV4_BITS;
    boolean hostLocalV4 = v4 == 0 || v4 >>> 24 == 127 || v4 >>> 16 == 0xa9fe;
    return orderedLow >>> 32 == MAPPED ? hostLocalV4 : orderedLow == 0 || orderedLow == 1;
  }

  private static boolean isMapped(long high, long low) {
    return high == 0 && low >>> 32 == MAPPED;
  }

  /** Returns the usual text; IPv6 by RFC 5952. */
  @Override
  public String toString() {
    return IpText.format(this);
  }
}
