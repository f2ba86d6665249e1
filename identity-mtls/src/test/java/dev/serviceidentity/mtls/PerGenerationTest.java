// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.IdentityException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PerGenerationTest {
  @TempDir Path directory;
  private World world;
  private MtlsIdentity web;
  private PerGeneration<Object> clients;

  @BeforeEach
  void open() {
    world = new World(directory);
    world.issue("web", World.WEB);
    web = world.open("web");
    clients = PerGeneration.of(web, Object::new);
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void oneGenerationHasOneClient() {
    assertThat(clients.current()).isSameAs(clients.current());
  }

  @Test
  void theNextGenerationHasAnother() {
    Object before = clients.current();

    world.issue("web", World.WEB);
    web.refresh();

    assertThat(clients.current()).isNotSameAs(before).isSameAs(clients.current());
  }

  @Test
  void whoIsClosedHasNone() {
    web.close();

    assertThatThrownBy(clients::current).isInstanceOf(IdentityException.class);
  }
}
