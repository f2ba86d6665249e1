// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.crypto.Workshop;
import dev.serviceidentity.kerberos.kdc.ClientKeys;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** The keys of one principal, of which those up to a version prove it. Immutable. */
final class LoginKeys implements ClientKeys {
  private final List<KeytabEntry> all;
  private final long newest;
  private final Workshop workshop;

  /**
   * Takes keys.
   *
   * @param all of strong types, the highest version first
   * @param newest the highest version to prove oneself with
   */
  LoginKeys(List<KeytabEntry> all, long newest, Workshop workshop) {
    this.all = all;
    this.newest = newest;
    this.workshop = workshop;
  }

  /** The KDC may have sealed its answer with any version, and says which. */
  @Override
  public Optional<ProtocolKey> key(KeyType type, OptionalLong kvno) {
    return all.stream()
        .filter(entry -> entry.etype() == type.number())
        .filter(
            entry ->
                kvno.isEmpty() ? entry.kvno() <= newest : entry.version().mayBe(kvno.getAsLong()))
        .findFirst()
        .map(entry -> new ProtocolKey(type, entry.key(), workshop));
  }

  @Override
  public Set<KeyType> types() {
    return all.stream()
        .filter(entry -> entry.kvno() <= newest)
        .flatMap(entry -> KeyType.of(entry.etype()).stream())
        .collect(Collectors.toUnmodifiableSet());
  }
}
