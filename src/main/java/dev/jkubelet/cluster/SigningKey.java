package dev.jkubelet.cluster;

import java.io.IOException;
import java.io.StringWriter;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/** A new key, of the kind that the kubelet makes: ECDSA on P-256. */
record SigningKey(KeyPair pair) {
  private static final int BITS = 256;

  static SigningKey generate() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return new SigningKey(generator.generateKeyPair());
  }

  /** PEM, in SEC 1 with the curve's name, as the kubelet writes it. */
  String privateKey() throws IOException {
    var secret = ((ECPrivateKey) pair.getPrivate()).getS();
    var encoded =
        new org.bouncycastle.asn1.sec.ECPrivateKey(BITS, secret, SECObjectIdentifiers.secp256r1);
    return pem(new PemObject("EC PRIVATE KEY", encoded.getEncoded()));
  }

  /** A PKCS#10 request for that certificate, in PEM. */
  String request(CertificateTemplate template) throws IOException {
    var subject =
        new X500NameBuilder(BCStyle.INSTANCE)
            .addRDN(BCStyle.O, CertificateTemplate.ORGANIZATION)
            .addRDN(BCStyle.CN, template.commonName())
            .build();
    var builder = new JcaPKCS10CertificationRequestBuilder(subject, pair.getPublic());
    var alternatives = new ArrayList<GeneralName>();
    template.names().forEach(name -> alternatives.add(new GeneralName(GeneralName.dNSName, name)));
    template
        .addresses()
        .forEach(address -> alternatives.add(new GeneralName(GeneralName.iPAddress, address)));
    if (!alternatives.isEmpty()) {
      var extensions = new ExtensionsGenerator();
      extensions.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(alternatives.toArray(GeneralName[]::new)));
      builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
    }
    try {
      return pem(
          builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
    } catch (OperatorCreationException e) {
      throw new IOException("a certificate request can't be signed: " + e.getMessage(), e);
    }
  }

  private static String pem(Object object) throws IOException {
    var text = new StringWriter();
    try (var writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    return text.toString();
  }
}
