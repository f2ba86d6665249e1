// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import java.util.Optional;
import java.util.Set;

/**
 * The long-term keys that one login is made with: one for each type. The KDC has to answer with
 * these, whatever version its answer names, since anybody can write that. For implementing;
 * thread-safe.
 */
public interface ClientKeys {
  /**
   * One of the keys.
   *
   * @param type its type
   * @return empty if there is none of that type
   */
  Optional<ProtocolKey> key(KeyType type);

  /**
   * Of which types there are keys.
   *
   * @return the types; none if the client has no strong key
   */
  Set<KeyType> types();
}
