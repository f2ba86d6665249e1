// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.development;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Publishing removes the version that it replaces, and nothing that somebody else has made. */
class SecretVolumeTest {
  private static final String VERSION = "..version-00000000-0000-0000-0000-000000000000";

  @TempDir Path root;
  private Path volume;
  private Path precious;

  @BeforeEach
  void make() throws IOException {
    volume = Files.createDirectory(root.resolve("volume"));
    precious = Files.createDirectory(root.resolve("precious"));
    Files.writeString(precious.resolve("file"), "x");
  }

  @Test
  void theReplacedVersionIsRemoved() throws IOException {
    publish("1");

    publish("2");

    assertThat(volume.resolve("name")).hasContent("2");
    assertThat(entries()).hasSize(3).contains("..data", "name");
  }

  @Test
  void whatAnAbsoluteLinkPointsAtStays() throws IOException {
    link("..data", precious);

    publish("1");

    assertThat(precious.resolve("file")).hasContent("x");
    assertThat(volume.resolve("name")).hasContent("1");
  }

  @Test
  void whatALinkOutOfTheDirectoryPointsAtStays() throws IOException {
    link("..data", Path.of("..", "precious"));

    publish("1");

    assertThat(precious.resolve("file")).hasContent("x");
  }

  @Test
  void aLinkThatOnlyBeginsLikeAVersionLeadsNowhereElse() throws IOException {
    Files.createDirectory(volume.resolve(VERSION));
    link("..data", Path.of(VERSION, "..", "..", "precious"));

    publish("1");

    assertThat(precious.resolve("file")).hasContent("x");
  }

  @Test
  void aVersionThatIsItselfALinkIsNotFollowed() throws IOException {
    link(VERSION, precious);
    link("..data", Path.of(VERSION));

    publish("1");

    assertThat(precious.resolve("file")).hasContent("x");
  }

  @Test
  void aDirectoryOfAnotherNameBesideItStays() throws IOException {
    Path other = Files.createDirectory(volume.resolve("..2026_03_01"));
    Files.writeString(other.resolve("file"), "x");
    link("..data", other.getFileName());

    publish("1");

    assertThat(other.resolve("file")).hasContent("x");
  }

  @Test
  void theDirectoryItselfStays() throws IOException {
    link("..data", Path.of("."));

    publish("1");

    assertThat(volume.resolve("name")).hasContent("1");
  }

  @Test
  void aLinkToNothingIsReplaced() throws IOException {
    link("..data", Path.of(VERSION));

    publish("1");

    assertThat(volume.resolve("name")).hasContent("1");
  }

  private void publish(String content) throws IOException {
    SecretVolume.of(volume).publicFile("name", content).publish();
  }

  private void link(String name, Path target) throws IOException {
    Files.createSymbolicLink(volume.resolve(name), target);
  }

  private List<String> entries() throws IOException {
    try (Stream<Path> entries = Files.list(volume)) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    }
  }
}
