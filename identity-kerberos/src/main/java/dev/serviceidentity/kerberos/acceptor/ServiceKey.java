// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.acceptor;

import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.keytab.KeytabEntry;
import dev.serviceidentity.kerberos.wire.EncryptedPart;
import dev.serviceidentity.kerberos.wire.RawName;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * One key of the keytab, ready to open tickets. Shows no secret.
 *
 * @param entry where it stands in the keytab
 * @param name its principal, as tickets write it
 * @param key the key itself
 * @param owner what stands for this key in the replay cache: made of the key alone, so that it is
 *     the same under all names of the key, in whatever order keytabs have them, and on all replicas
 */
public record ServiceKey(KeytabEntry entry, RawName name, ProtocolKey key, String owner) {
  private static final byte[] OWNER = "replay owner".getBytes(StandardCharsets.US_ASCII);

  static ServiceKey of(KeytabEntry entry, ProtocolKey key) {
    String owner = HexFormat.of().formatHex(key.pseudoRandom(OWNER));
    return new ServiceKey(entry, RawName.of(entry.principal()), key, owner);
  }

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
