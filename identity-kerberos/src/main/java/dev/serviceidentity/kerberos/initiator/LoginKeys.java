// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.initiator;

import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.crypto.Workshop;
import dev.serviceidentity.kerberos.kdc.ClientKeys;
import dev.serviceidentity.kerberos.keytab.KeytabEntry;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The keys of one version of one principal. Immutable. */
final class LoginKeys implements ClientKeys {
  private final List<KeytabEntry> entries;
  private final Workshop workshop;

  /**
   * Takes keys.
   *
   * @param all of strong types, the highest version first
   * @param version which of them to log in with
   */
  LoginKeys(List<KeytabEntry> all, long version, Workshop workshop) {
    this.entries = all.stream().filter(entry -> entry.kvno() == version).toList();
    this.workshop = workshop;
  }

  @Override
  public Optional<ProtocolKey> key(KeyType type) {
    return entries.stream()
        .filter(entry -> entry.etype() == type.number())
        .findFirst()
        .map(entry -> new ProtocolKey(type, entry.key(), workshop));
  }

  @Override
  public Set<KeyType> types() {
    return entries.stream()
        .flatMap(entry -> KeyType.of(entry.etype()).stream())
        .collect(Collectors.toUnmodifiableSet());
  }
}
