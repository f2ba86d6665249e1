// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The long-term keys of one client, as a keytab has them. For implementing; thread-safe. */
public interface ClientKeys {
  /**
   * One of the keys.
   *
   * @param type its type
   * @param kvno its version; empty for the newest
   * @return empty if there is none of that type and version
   */
  Optional<ProtocolKey> key(KeyType type, OptionalLong kvno);

  /**
   * Of which types there are keys.
   *
   * @return the types; none if the client has no strong key
   */
  Set<KeyType> types();
}
