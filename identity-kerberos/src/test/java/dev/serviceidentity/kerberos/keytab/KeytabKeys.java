// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.keytab;

import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.crypto.Workshop;
import dev.serviceidentity.kerberos.kdc.ClientKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The keys of a keytab that has those of one principal. */
public final class KeytabKeys implements ClientKeys {
  private final List<KeytabEntry> entries;
  private final Workshop workshop = new Workshop();

  private KeytabKeys(List<KeytabEntry> entries) {
    this.entries = entries;
  }

  public static KeytabKeys of(Path keytab) {
    return new KeytabKeys(entries(keytab));
  }

  /** All that is in a keytab. */
  public static List<KeytabEntry> entries(Path keytab) {
    try {
      return KeytabReader.read(Files.readAllBytes(keytab));
    } catch (IOException | MalformedKeytabException unreadable) {
      throw new IllegalStateException(unreadable);
    }
  }

  public KeytabKeys only(KeyType... types) {
    Set<KeyType> kept = Set.of(types);
    return new KeytabKeys(
        entries.stream()
            .filter(entry -> KeyType.of(entry.etype()).filter(kept::contains).isPresent())
            .toList());
  }

  @Override
  public Optional<ProtocolKey> key(KeyType type) {
    return entries.stream()
        .filter(entry -> entry.etype() == type.number())
        .max(Comparator.comparing(KeytabEntry::kvno))
        .map(entry -> new ProtocolKey(type, entry.key(), workshop));
  }

  @Override
  public Set<KeyType> types() {
    return entries.stream()
        .flatMap(entry -> KeyType.of(entry.etype()).stream())
        .collect(Collectors.toSet());
  }
}
