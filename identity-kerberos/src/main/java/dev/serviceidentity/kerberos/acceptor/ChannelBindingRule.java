// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import dev.serviceidentity.caller.ChannelBinding;
import dev.serviceidentity.kerberos.caller.ChannelBindingPolicy;
import dev.serviceidentity.kerberos.caller.KerberosRejection;
import dev.serviceidentity.kerberos.token.BindingsHash;
import dev.serviceidentity.kerberos.token.GssChecksum;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import java.util.List;

/** Holds the bindings that a client has put into its token against those of the connection. */
final class ChannelBindingRule {
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
      any |= BindingsHash.isOf(binding, theirs);
    }
    return any;
  }
}
