// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.network;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One end of a flow. */
public sealed interface FlowEnd {
  /**
   * A pod by its name; it stands for each of its addresses.
   *
   * @param namespace the pod's namespace
   * @param name the pod's name
   */
  record PodEnd(String namespace, String name) implements FlowEnd {
    /**
     * Checks that nothing is missing.
     *
     * @param namespace the pod's namespace
     * @param name the pod's name
     */
    public PodEnd {
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
   * An address, whoever owns it. It also has the address as bits, so that whoever looks it up often
   * need not copy them out of the {@link InetAddress} each time.
   */
  final class AddressEnd implements FlowEnd {
    private static final long MAPPED = 0xffff_0000_0000L;

    private final InetAddress address;
    private final long high;
    private final long low;

    private AddressEnd(InetAddress address) {
      this.address = Objects.requireNonNull(address, "address");
      ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
      boolean isV4 = bytes.remaining() == Integer.BYTES;
      this.high = isV4 ? 0 : bytes.getLong();
      this.low = isV4 ? MAPPED | Integer.toUnsignedLong(bytes.getInt()) : bytes.getLong();
    }

    /**
     * The address.
     *
     * @return IPv4 or IPv6
     */
    public InetAddress address() {
      return address;
    }

    /**
     * The upper 64 bits of the address, where an IPv4 address is in its IPv4-mapped form (RFC 4291
     * section 2.5.5.2).
     *
     * @return the bits; 0 for IPv4
     */
    public long high() {
      return high;
    }

    /**
     * The lower 64 bits of the address, where an IPv4 address is in its IPv4-mapped form.
     *
     * @return the bits
     */
    public long low() {
      return low;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof AddressEnd end && address.equals(end.address);
    }

    @Override
    public int hashCode() {
      return address.hashCode();
    }

    /** Returns the literal address. */
    @Override
    public String toString() {
      return address.getHostAddress();
    }
  }

  /**
   * A pod.
   *
   * @param namespace the pod's namespace
   * @param name the pod's name
   * @return that end
   */
  static FlowEnd pod(String namespace, String name) {
    return new PodEnd(namespace, name);
  }

  /**
   * The pod of a workload.
   *
   * @param workload a workload
   * @return that end
   */
  static FlowEnd of(Workload workload) {
    return new PodEnd(workload.namespace(), workload.pod().name());
  }

  /**
   * An address.
   *
   * @param address IPv4 or IPv6
   * @return that end
   */
  static FlowEnd of(InetAddress address) {
    return new AddressEnd(address);
  }
}
