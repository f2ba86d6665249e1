// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import dev.serviceidentity.caller.ChannelBinding;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hash by which a token says its channel bindings (RFC 4121 section 4.1.1.2). */
public final class BindingsHash {
  /**
   * GSS_C_AF_UNSPEC, of MIT and Windows, and GSS_C_AF_NULLADDR, of the JDK: two ways to say that no
   * address is bound (RFC 2744 section 3.11).
   */
  private static final int[] NO_ADDRESS = {0, 255};

  private BindingsHash() {}

  /**
   * What an initiator binds its token with: no addresses, said as MIT and Windows do.
   *
   * @param binding of the connection that the token is for
   * @return sixteen bytes
   */
  public static byte[] of(ChannelBinding binding) {
    return of(NO_ADDRESS[0], binding.applicationData());
  }

  /**
   * Whether a token says a binding; takes the same time whichever way of saying it matches, and
   * wherever they differ.
   *
   * @param binding of our connection
   * @param hash what the token says
   * @return whether it is that one
   */
  public static boolean isOf(ChannelBinding binding, byte[] hash) {
    boolean any = false;
    for (int type : NO_ADDRESS) {
      any |= MessageDigest.isEqual(of(type, binding.applicationData()), hash);
    }
    return any;
  }

  /** MD5, which is what the protocol has. */
  private static byte[] of(int addressType, byte[] applicationData) {
    ByteBuffer bindings =
        ByteBuffer.allocate(20 + applicationData.length).order(ByteOrder.LITTLE_ENDIAN);
    bindings.putInt(addressType).putInt(0).putInt(addressType).putInt(0);
    bindings.putInt(applicationData.length).put(applicationData);
    try {
      return MessageDigest.getInstance("MD5").digest(bindings.array());
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("This JDK lacks MD5, which RFC 4121 demands", missing);
    }
  }
}
