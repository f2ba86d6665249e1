// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.caller.ChannelBinding;
import dev.serviceidentity.kerberos.caller.ChannelBindingPolicy;
import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/** Holds the bindings that a client has put into its token against those of the connection. */
final class ChannelBindingRule {
  /**
   * GSS_C_AF_UNSPEC, of MIT and Windows, and GSS_C_AF_NULLADDR, of the JDK: two ways to say that no
   * address is bound (RFC 2744 section 3.11).
   */
  private static final int[] NO_ADDRESS = {0, 255};

  private final ChannelBindingPolicy policy;

  ChannelBindingRule(ChannelBindingPolicy policy) {
    this.policy = policy;
  }

  void check(GssChecksum checksum, List<ChannelBinding> ours) throws RefusedTokenException {
    if (policy == ChannelBindingPolicy.OFF) {
      return;
    }
    if (!checksum.hasBindings()) {
      requireNone("the token is not bound to any connection");
    } else if (ours.isEmpty()) {
      requireNone("the evidence does not say which channel bindings are ours");
    } else if (!matches(checksum.bindings().copy(), ours)) {
      throw new RefusedTokenException(
          KerberosRejection.CHANNEL_BINDING_MISMATCH,
          "the token is bound to another connection than one with "
              + ours.size()
              + " channel bindings of ours");
    }
  }

  private void requireNone(String lack) throws RefusedTokenException {
    if (policy == ChannelBindingPolicy.REQUIRE) {
      throw new RefusedTokenException(KerberosRejection.CHANNEL_BINDING_MISSING, lack);
    }
  }

  /** In a time that does not depend on which of them matches, or where they differ. */
  private static boolean matches(byte[] theirs, List<ChannelBinding> ours) {
    boolean any = false;
    for (ChannelBinding binding : ours) {
      for (int type : NO_ADDRESS) {
        any |= MessageDigest.isEqual(hash(type, binding.applicationData()), theirs);
      }
    }
    return any;
  }

  /** What an initiator binds its token with: no addresses, said as MIT and Windows do. */
  static byte[] hash(ChannelBinding binding) {
    return hash(NO_ADDRESS[0], binding.applicationData());
  }

  /** RFC 4121 section 4.1.1.2: MD5, which is what the protocol has. */
  private static byte[] hash(int addressType, byte[] applicationData) {
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
