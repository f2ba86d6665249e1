// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.wire.EncryptedPart;
import dev.serviceidentity.kerberos.wire.RawName;

/**
 * One key of the keytab, ready to open tickets. Shows no secret.
 *
 * @param entry where it stands in the keytab
 * @param name its principal, as tickets write it
 * @param key the key itself
 * @param owner the principal that stands for this key in the replay cache: where one key was given
 *     to several principals, the same for all, or a token could be sent again under another name
 */
record ServiceKey(KeytabEntry entry, RawName name, ProtocolKey key, String owner) {
  /**
   * Whether the ticket may have been sealed with this key. A keytab's version of zero stands for an
   * unknown one; a ticket of unknown version has none.
   */
  boolean mayOpen(EncryptedPart ticket) {
    return entry.etype() == ticket.etype()
        && (ticket.kvno().isEmpty() || entry.version().mayBe(ticket.kvno().getAsLong()));
  }

  /** Returns what klist shows. */
  @Override
  public String toString() {
    return entry.toString();
  }
}
