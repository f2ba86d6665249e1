// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.question;

import dev.serviceidentity.k8s.policy.Cidr;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.k8s.policy.IpAddress.Family;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The addresses of a block as numbers. */
record AddressRange(Family family, BigInteger first, BigInteger afterLast) {

  static AddressRange of(Cidr block) {
    int bytes = bytes(block.address().family());
    BigInteger first = new BigInteger(1, block.masked().address().toInetAddress().getAddress());
    BigInteger size = BigInteger.ONE.shiftLeft(8 * bytes - block.prefixLength());
    return new AddressRange(block.address().family(), first, first.add(size));
  }

  /** The first address of the block and the first after it, each the next one that is free. */
  List<IpAddress> firsts(Set<IpAddress> taken) {
    var firsts = new ArrayList<IpAddress>();
    for (BigInteger edge : List.of(first, afterLast)) {
      BigInteger value = edge;
      while (isAddress(value) && taken.contains(toAddress(value))) {
        value = value.add(BigInteger.ONE);
      }
      if (isAddress(value)) {
        firsts.add(toAddress(value));
      }
    }
    return firsts;
  }

  private boolean isAddress(BigInteger value) {
    return value.bitLength() <= 8 * bytes(family);
  }

  private IpAddress toAddress(BigInteger value) {
    byte[] bits = value.toByteArray();
    int length = bytes(family);
    byte[] address = new byte[length];
    int used = Math.min(bits.length, length);
    System.arraycopy(bits, bits.length - used, address, length - used, used);
    return IpAddress.of(inet(address));
  }

  private static int bytes(Family family) {
    return family == Family.IPV4 ? 4 : 16;
  }

  private static InetAddress inet(byte[] bits) {
    try {
      return InetAddress.getByAddress(bits);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("Four or sixteen bytes are an address", e);
    }
  }
}
